"""One number about a model, and what it would be for reals."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A measure of a model, beside its floor.

    Attributes:
        value: Of what the model draws.
        floor: Of real images in the place of what the model draws: what a perfect model comes
            to. Not always the lowest value: for precision it is about the highest.
        standard_error: Of the value, where it is known.
        floor_standard_error: Of the floor, where it is known.
    """

    value: float
    floor: float
    standard_error: float | None = None
    floor_standard_error: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value / floor`, 1 for reals; None where the floor is 0 or 0 is expected of it.

        A floor with a standard error is one of an unbiased distance, whose expectation is 0.
        """
        if self.floor_standard_error is not None or self.floor == 0.0:
            return None
        return self.value / self.floor

    def as_dict(self) -> dict[str, Any]:
        """Returns the attributes that are known and the ratio, JSON-able."""
        known = {
            "value": self.value,
            "standard_error": self.standard_error,
            "floor": self.floor,
            "floor_standard_error": self.floor_standard_error,
            "ratio": self.ratio,
        }
        always = ("value", "floor", "ratio")
        return {key: value for key, value in known.items() if key in always or value is not None}
