"""Digits of MNIST, as a model of digits sees them."""

from pathlib import Path

import numpy as np

from kerasgan.data import load_images
from kerasgan.errors import UserError

_SIZE = 28


class MnistDigits:
    """MNIST's training images, a part of each as large as a model's pictures.

    The part is cut at random, as the digits were that Ha's model was trained on.

    Args:
        image_shape: `(height, width, channels)` of the model.
        data: Where TFDS keeps MNIST; `None` is its own folder.

    Raises:
        UserError: The model draws larger pictures or colours, or MNIST is not there.
    """

    def __init__(self, image_shape: tuple[int, int, int], data: str | Path | None) -> None:
        height, width, channels = image_shape
        if channels != 1 or height != width or height > _SIZE:
            raise UserError(
                f"MNIST's digits are {_SIZE}x{_SIZE} and grey; the model draws {width}x{height} "
                f"with {channels} channels"
            )
        self._side = height
        self._digits = load_images(
            "tfds:mnist",
            path=data,
            image_size=_SIZE,
            channels=1,
            background="black",
            progress=True,
        )

    def draw(self, random: np.random.Generator, label: int | None = None) -> tuple[np.ndarray, int]:
        """Returns a random digit, float32 `(side, side, 1)` in [0, 1], and what it is.

        Args:
            random: Where randomness comes from.
            label: What it is to be; `None` is any.

        Raises:
            ValueError: The label is none from 0 to 9.
        """
        labels = self._digits.labels["label"]
        among = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
        if not len(among):
            raise ValueError(f"The digits are 0 to 9. Received: {label!r}")
        index = int(random.choice(among))
        top, left = random.integers(_SIZE - self._side + 1, size=2)
        image = self._digits.images[index][top : top + self._side, left : left + self._side]
        return image / np.float32(255.0), int(labels[index])
