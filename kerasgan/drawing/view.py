"""What a rendered picture shows, and at what size."""

import math
import numbers
import operator
from dataclasses import dataclass

import numpy as np

from kerasgan.errors import UserError

# Up to here float32 tells the coordinates of neighbouring pixels apart, with a factor of ten left.
_LARGEST_SIDE = 2**20
_LARGEST_ZOOM = 1e9


@dataclass(frozen=True)
class View:
    """A picture's size and the part of the plane that it shows.

    Args:
        width: Columns, from 1 to 1,048,576.
        height: Rows, likewise.
        zoom: From 1e-9 to 1e9. Above 1 looks closer: the shorter side spans 1 / zoom of what the
            generator draws itself.
        centre: What is in the middle, (x, y), x to the right and y downwards; (0, 0) is the middle
            of what the generator draws and (1, 1) its lower right corner.

    Raises:
        UserError: A number is none or out of range.
    """

    width: int
    height: int
    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            # A small integer type of numpy would overflow in what follows.
            object.__setattr__(self, name, _side(name, getattr(self, name)))
        if not 1.0 / _LARGEST_ZOOM <= _number(self.zoom) <= _LARGEST_ZOOM:
            raise UserError(
                f"zoom must be a number from {1.0 / _LARGEST_ZOOM:g} to {_LARGEST_ZOOM:g}. "
                f"Received: zoom={self.zoom}"
            )
        place = self.centre if np.shape(self.centre) == (2,) else [math.nan]
        if not all(abs(_number(value)) <= _LARGEST_ZOOM for value in place):
            raise UserError(
                f"centre must be two numbers (x, y) of at most {_LARGEST_ZOOM:g}. "
                f"Received: centre={self.centre}"
            )


def _side(name: str, count: int) -> int:
    try:
        whole = operator.index(count)
    except TypeError:
        whole = 0
    if not 1 <= whole <= _LARGEST_SIDE:
        raise UserError(
            f"The {name} of a picture must be a whole number from 1 to {_LARGEST_SIDE:,}. "
            f"Received: {name}={count}"
        )
    return whole


def _number(value: float) -> float:
    """Returns a number as a float, and anything else as NaN, which no comparison passes."""
    return float(value) if isinstance(value, numbers.Real) else math.nan
