"""Cutting windows out of images."""

from collections.abc import Sequence

import numpy as np


def cut_out(
    images: np.ndarray,
    corners: np.ndarray,
    flips: np.ndarray,
    size: tuple[int, int],
    background: Sequence[int],
) -> np.ndarray:
    """Returns what is seen of each image through its window, and then flipped.

    Crops, shifts, flips and any combination of them are one such step. It is in numpy, which
    copies runs of pixels: TensorFlow gathers them one by one, which takes five times as long.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        corners: int `(batch, 2)`: the row and the column of each window's first pixel. Windows
            may reach beyond their images, where they show the background.
        flips: bool `(batch, 2)`: whether to turn each upside down, and whether to mirror it.
        size: Height and width of the windows.
        background: One value in 0..255 per channel.

    Returns:
        uint8 `(batch, *size, channels)`.
    """
    height, width = images.shape[1:3]
    windows = np.empty((len(images), *size, images.shape[3]), np.uint8)
    blank = np.tile(np.array(background, np.uint8), (size[1], 1))
    for image, window, (top, left), (is_turned, is_mirrored) in zip(
        images, windows, corners.tolist(), flips.tolist(), strict=True
    ):
        bottom, right = top + size[0], left + size[1]
        if min(top, left) < 0 or bottom > height or right > width:
            window[...] = blank
        seen = image[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        upright = window[:: -1 if is_turned else 1, :: -1 if is_mirrored else 1]
        shown = upright[max(-top, 0) :, max(-left, 0) :][: seen.shape[0], : seen.shape[1]]
        if is_mirrored:
            # Channel by channel: numpy is slow where a run has the length of one pixel.
            for channel in range(images.shape[3]):
                shown[..., channel] = seen[..., channel]
        else:
            shown[...] = seen
    return windows
