"""Many images in one."""

import math

import numpy as np


def grid(images: np.ndarray, *, columns: int | None = None, gap: int = 2) -> np.ndarray:
    """Lays images out in rows on white.

    Args:
        images: `(n, height, width, channels)`, float in [0, 1] or uint8, n at least 1.
        columns: Images in a row; `None` makes the grid about as wide as it is high.
        gap: Pixels between images.

    Returns:
        One image `(height, width, channels)` of the same dtype.

    Raises:
        ValueError: `images` has another shape, or none are in it.
    """
    images = np.asarray(images)
    if images.ndim != 4 or len(images) == 0:
        raise ValueError(
            "A grid needs images of shape (n, height, width, channels), n at least 1. "
            f"Received: images of shape {images.shape}"
        )
    count, height, width, channels = images.shape
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    rows = math.ceil(count / columns)
    white = 255 if images.dtype == np.uint8 else 1.0
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    canvas = np.full(shape, white, images.dtype)
    for index, image in enumerate(images):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return canvas
