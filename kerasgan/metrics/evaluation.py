"""What was measured of a model."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasgan.metrics.measure import Measure


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The measures of a model, and how they were taken.

    Attributes:
        protocol: What the numbers are of: features, sizes, counts, seed and images.
        measures: By their names.
        pairs: uint8 `(2 n, height, width, channels)`: fakes, each followed by its nearest real,
            nearest first.
    """

    protocol: dict[str, Any]
    measures: dict[str, Measure]
    pairs: np.ndarray = field(repr=False)

    def __getitem__(self, name: str) -> Measure:
        return self.measures[name]

    def as_dict(self) -> dict[str, Any]:
        """Returns protocol and measures, JSON-able."""
        return {
            "protocol": self.protocol,
            "measures": {name: each.as_dict() for name, each in self.measures.items()},
        }
