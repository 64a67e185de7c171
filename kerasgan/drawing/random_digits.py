"""Random digits of MNIST, for the `Sampler`."""

from pathlib import Path

import numpy as np

from kerasgan.data import ImageSet, load_images
from kerasgan.drawing.drawable import own_size
from kerasgan.errors import UserError
from kerasgan.models.base.generative_model import GenerativeModel

_SIDE = 28


class RandomDigits:
    """MNIST's training images, loaded when the first one is taken.

    Args:
        model: The model to whose size they are cut.
        data: The folder where TFDS keeps MNIST; `None` is TFDS's own folder.
        random: The generator that chooses them.
    """

    def __init__(
        self, model: GenerativeModel, data: str | Path | None, random: np.random.Generator
    ) -> None:
        self._model = model
        self._data = data
        self._random = random
        self._digits: ImageSet | None = None

    def take(self, label: int | None = None) -> tuple[np.ndarray, int]:
        """Returns a random digit, cut at random to the size of the model's pictures, and its label.

        Args:
            label: From 0 to 9, to take one with this label; `None` takes any.

        Returns:
            float32 `(side, side, 1)` in [0, 1], and the label.

        Raises:
            UserError: The model draws larger pictures or colours, or MNIST is not there.
            ValueError: There is no digit with this label.
        """
        digits, side = self._loaded(), own_size(self._model).height
        labels = digits.labels["label"]
        among = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
        if not len(among):
            raise UserError(f"The label must be from 0 to 9. Received: label={label!r}")
        index = int(self._random.choice(among))
        top, left = self._random.integers(_SIDE - side + 1, size=2)
        image = digits.images[index][top : top + side, left : left + side]
        return image / np.float32(255.0), int(labels[index])

    def _loaded(self) -> ImageSet:
        size, channels = own_size(self._model), self._model.image_shape[2]
        if channels != 1 or size.height != size.width or size.height > _SIDE:
            raise UserError(
                f"MNIST's digits are {_SIDE}x{_SIDE} and grey; the model draws {size} with "
                f"{channels} channels"
            )
        if self._digits is None:
            self._digits = load_images(
                "tfds:mnist",
                path=self._data,
                image_size=_SIDE,
                channels=1,
                background="black",
                progress=True,
            )
        return self._digits
