"""What was measured of a model."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Measure:
    """A measure of a model, beside its floor.

    Attributes:
        value: The measure of the model's images.
        floor: The same measure with real images in place of the model's, which is the value that
            a perfect model reaches. It is not always the lowest value: for precision it is about
            the highest.
        standard_error: The standard error of the value, or None if it is not known.
        floor_standard_error: The standard error of the floor, or None if it is not known.
    """

    value: float
    floor: float
    standard_error: float | None = None
    floor_standard_error: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value / floor`, which is 1 for real images; None where the floor is expected to be 0.

        A floor with a standard error belongs to an unbiased distance, whose expectation is 0.
        """
        if self.floor_standard_error is not None or self.floor == 0.0:
            return None
        return self.value / self.floor

    def as_dict(self) -> dict[str, Any]:
        """Returns the ratio and those attributes that are known, JSON-able."""
        known = {
            "value": self.value,
            "standard_error": self.standard_error,
            "floor": self.floor,
            "floor_standard_error": self.floor_standard_error,
            "ratio": self.ratio,
        }
        always = ("value", "floor", "ratio")
        return {key: value for key, value in known.items() if key in always or value is not None}


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The measures of a model, and how they were taken.

    Attributes:
        protocol: How the measures were taken: the features, sizes, counts, seeds and images.
        measures: The measures by their names.
        pairs: uint8 `(2 n, height, width, channels)`: the fakes that are closest to a real image,
            the closest first, each followed by that image.
    """

    protocol: dict[str, Any]
    measures: dict[str, Measure]
    pairs: np.ndarray = field(repr=False)

    def __getitem__(self, name: str) -> Measure:
        return self.measures[name]

    def as_dict(self) -> dict[str, Any]:
        """Returns the protocol and the measures, JSON-able."""
        return {
            "protocol": self.protocol,
            "measures": {name: each.as_dict() for name, each in self.measures.items()},
        }
