"""An array that a notebook shows as the picture that it is."""

from typing import Any

import numpy as np

from kerasgan.drawing.drawn_picture import png_bytes
from kerasgan.drawing.picture import inverted


class InlinePicture(np.ndarray):
    """An array `(height, width, 1 or 3)`, float in [0, 1] or uint8, that a notebook shows inline.

    In all else it is an array: it can be indexed, added and multiplied, and what no longer has such
    a shape is shown as numbers again.

    Args:
        image: The picture.
        invert: Whether it is shown with black and white exchanged.
    """

    invert: bool

    def __new__(cls, image: np.ndarray, *, invert: bool = False) -> "InlinePicture":
        picture = np.asarray(image).view(cls)
        picture.invert = invert
        return picture

    def __array_finalize__(self, source: Any) -> None:
        self.invert = getattr(source, "invert", False)

    def __repr__(self) -> str:
        if not self._is_picture:
            return repr(np.asarray(self))
        height, width, channels = self.shape
        kind = "grey" if channels == 1 else "colour"
        return f"<picture {width}x{height} in {kind}, {self.dtype}>"

    def _repr_png_(self) -> bytes | None:
        if not self._is_picture:
            return None
        image = np.asarray(self)
        return png_bytes(inverted(image) if self.invert else image)

    @property
    def _is_picture(self) -> bool:
        is_image = self.ndim == 3 and self.shape[2] in (1, 3) and self.size > 0
        return is_image and (self.dtype == np.uint8 or self.dtype.kind == "f")
