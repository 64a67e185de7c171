"""What part of the plane a picture shows."""

import math
from dataclasses import dataclass

import numpy as np

from kerasgan.argument_checks import number_or_nan
from kerasgan.errors import UserError

_LARGEST = 1e9


@dataclass(frozen=True)
class View:
    """The part of the plane that a picture of a compositional pattern-producing network shows.

    Args:
        zoom: From 1e-9 to 1e9. Above 1 looks closer: the shorter side spans 1 / zoom of what the
            generator draws itself.
        centre: The point in the middle, (x, y), x to the right and y downwards; (0, 0) is the
            middle of what the generator draws itself and (1, 1) its lower right corner.

    Raises:
        UserError: A number is not a number or is out of range.
    """

    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not 1.0 / _LARGEST <= number_or_nan(self.zoom) <= _LARGEST:
            raise UserError(
                f"zoom must be a number from {1.0 / _LARGEST:g} to {_LARGEST:g}. "
                f"Received: zoom={self.zoom}"
            )
        place = self.centre if np.shape(self.centre) == (2,) else [math.nan]
        if not all(abs(number_or_nan(value)) <= _LARGEST for value in place):
            raise UserError(
                f"centre must be two numbers (x, y) of at most {_LARGEST:g}. "
                f"Received: centre={self.centre}"
            )
        # The settings in a file cannot hold numbers of numpy.
        object.__setattr__(self, "zoom", float(self.zoom))
        object.__setattr__(self, "centre", tuple(map(float, self.centre)))

    def towards(self, end: "View", t: float) -> "View":
        """Returns the view at the part t of the way to another.

        The zoom grows by the same factor in equal times. The centre moves with the width of the
        view, 1 / zoom, so that one point stands still and everything moves away from it or
        towards it; at a constant zoom the centre moves evenly.
        """
        # Rounding must not lead out of the range of zooms.
        low, high = sorted((self.zoom, end.zoom))
        zoom = min(max(self.zoom ** (1.0 - t) * end.zoom**t, low), high)
        widths = 1.0 / self.zoom, 1.0 / zoom, 1.0 / end.zoom
        if abs(widths[2] - widths[0]) > 1e-9 * widths[0]:
            t = (widths[1] - widths[0]) / (widths[2] - widths[0])
        x, y = (a + t * (b - a) for a, b in zip(self.centre, end.centre, strict=True))
        return View(zoom, (x, y))
