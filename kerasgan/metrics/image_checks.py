"""Checks of the images that are measured."""

from pathlib import Path

import numpy as np

from kerasgan.data import ImageSet
from kerasgan.drawing.picture import to_uint8
from kerasgan.errors import UserError, shortened

LEAST_IMAGES = 50


def as_image_set(images: ImageSet | np.ndarray) -> ImageSet:
    """Returns images as an `ImageSet`, float ones rounded to 8 bits.

    Args:
        images: An `ImageSet`, or `(n, size, size, channels)`, uint8, or float in [0, 1].

    Raises:
        UserError: The images have another shape or dtype, or values outside [0, 1].
    """
    return images if isinstance(images, ImageSet) else ImageSet(images=as_uint8(images))


def as_uint8(images: np.ndarray) -> np.ndarray:
    """Returns images rounded to 8 bits, as they are when they are saved.

    Args:
        images: `(n, height, width, channels)`, uint8, or float in [0, 1].

    Raises:
        UserError: The images have another shape or dtype, or values outside [0, 1].
    """
    if isinstance(images, str | Path):
        raise UserError(
            "images must be an array or an ImageSet; kerasgan.data.load_images('images', "
            f"path=..., image_size=...) returns one. Received: images={shortened(repr(images))}"
        )
    images = np.asarray(images)
    if images.ndim != 4 or 0 in images.shape or images.shape[-1] not in (1, 3):
        raise UserError(
            "images must have the shape (n, height, width, channels) with 1 or 3 channels. "
            f"Received: shape {images.shape}"
        )
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind != "f":
        raise UserError(
            f"images must be uint8, or float in [0, 1]. Received: images of {images.dtype}"
        )
    lowest, highest = images.min(), images.max()
    if not (lowest >= 0.0 and highest <= 1.0):  # also refuses NaN
        raise UserError(
            "images must be float in [0, 1], or uint8. Received: values from "
            f"{lowest:.4g} to {highest:.4g}"
        )
    return to_uint8(images)


def check_same_size(fakes: tuple[int | None, ...], reals: tuple[int, ...]) -> None:
    """Raises UserError unless two arrays hold images of the same size and number of channels.

    Args:
        fakes: The shape of the model's images.
        reals: The shape of the real images.
    """
    if fakes[1:] != reals[1:]:
        drawn, real = ("x".join(map(str, shape[1:])) for shape in (fakes, reals))
        raise UserError(
            f"the model draws images of {drawn}, but the real images are {real}: load them with "
            "the model's size and channels"
        )
