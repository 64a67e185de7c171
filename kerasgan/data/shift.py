"""How far the subject of an image can move within its blank margins."""

from collections.abc import Sequence

import numpy as np

# In grey levels of 255, in every channel. JPEG leaves traces of this size around a subject.
_TOLERANCE = 8


def largest_shifts(images: np.ndarray, background: Sequence[int]) -> np.ndarray:
    """Returns how far each image can move left, right, up and down without cutting its subject.

    A pixel is blank when every channel is within 8 levels of the background; the margin on a side
    is its number of entirely blank columns or rows. Moving left crops the left margin.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        background: One value in 0..255 per channel.

    Returns:
        int32 `(batch, 4)`, in pixels: left, right, up, down.
    """
    _, height, width, channels = images.shape
    # By lines: numpy is slow where a run has the length of one pixel.
    line = np.tile(np.array(background, np.int16), width)
    darkest = np.clip(line - _TOLERANCE, 0, 255).astype(np.uint8)
    brightest = np.clip(line + _TOLERANCE, 0, 255).astype(np.uint8)
    shifts = np.empty((len(images), 4), np.int32)
    for image, shift in zip(images, shifts, strict=True):
        lines = image.reshape(height, width * channels)
        blank = (lines >= darkest) & (lines <= brightest)
        columns, rows = blank.all(0).reshape(width, channels).all(1), blank.all(1)
        shift[:] = [_leading(side) for side in (columns, columns[::-1], rows, rows[::-1])]
    return shifts


def _leading(blank: np.ndarray) -> int:
    """Returns the number of True before the first False."""
    return len(blank) if blank.all() else int(blank.argmin())
