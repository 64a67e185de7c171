"""The features of a network, by which images are compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write
from kerasgan.files.cache_folder import cache_folder, cache_key
from kerasgan.files.user_path import user_path

RESIZER = "antialiased bicubic"
_BATCH_SIZE = 64

# Raise it whenever the same images get other features.
_FORMAT = 1


class Images(Protocol):
    """An array of images, or an object that is indexed like one, such as those of an `ImageSet`."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype: ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: slice, /) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class Features:
    """A network whose output images are compared by, and how images are prepared for it.

    Images are rounded to 8 bits, as they are when they are saved, because real images come from
    files and have been rounded already. Grey images are repeated to three channels if the network
    takes three.

    Attributes:
        name: The name of the features in results.
        network: A model from images `(batch, height, width, channels)` to features
            `(batch, n)`.
        image_size: The side of the network's images in pixels; images of other sizes are resized
            by a bicubic filter that averages where it shrinks, as Pillow's does.
        identity: A text that is different for all other features, under which results are cached;
            if it is empty, nothing is cached.
        scale: The value of white in the network's images, 255 or 1; black is 0.
        facts: Names and values of what else a reader of the results should know, such as a
            classifier's accuracy.
    """

    name: str
    network: keras.Model
    image_size: int
    identity: str = ""
    scale: float = 255.0
    facts: tuple[tuple[str, float | str], ...] = ()
    _functions: dict[tuple, Callable[[tf.Tensor], tf.Tensor]] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def protocol(self) -> dict[str, float | str]:
        """The name, size, resizer and facts of the features, as they are written into results."""
        return {
            "features": self.name,
            "feature_image_size": self.image_size,
            "resizer": RESIZER,
            **dict(self.facts),
        }

    def check_takes(self, channels: int) -> None:
        """Raises UserError unless the network takes images of so many channels."""
        takes = self.network.inputs[0].shape[-1]
        if channels not in (1, takes):
            raise UserError(
                f"the features {self.name} are of images of {takes} channels, and these have "
                f"{channels}: use others, such as efficientnet_lite1, or grey images"
            )

    def __call__(
        self, images: Images, *, describe: str = "Features", progress: bool = False
    ) -> np.ndarray:
        """Returns the features of images, float32 `(n, features)`.

        Args:
            images: `(n, height, width, 1 or 3)`, uint8, or float in [0, 1].
            describe: The text of the progress bar.
            progress: Whether to show a progress bar on stderr.
        """
        compute = self._function(images.shape[1:], images.dtype)
        count, parts = images.shape[0], []
        with tqdm(
            total=count, desc=describe, unit="image", delay=1, leave=False, disable=not progress
        ) as bar:
            for first in range(0, count, _BATCH_SIZE):
                batch = images[first : first + _BATCH_SIZE]
                parts.append(compute(tf.constant(batch)).numpy())
                bar.update(len(batch))
        return np.concatenate(parts)

    def _function(self, shape: Sequence[int], dtype: np.dtype) -> Callable[[tf.Tensor], tf.Tensor]:
        """Returns the function from batches of images of one shape and dtype to their features.

        It is kept, because tracing it takes as long as the features of hundreds of images.
        """
        key = (*shape, np.dtype(dtype))
        if key not in self._functions:
            channels = self.network.inputs[0].shape[-1]

            @tf.function(autograph=False, input_signature=[tf.TensorSpec((None, *shape), dtype)])
            def compute(batch: tf.Tensor) -> tf.Tensor:
                prepared = prepare(batch, self.image_size, channels=channels, scale=self.scale)
                return tf.cast(self.network(prepared, training=False), tf.float32)

            self._functions[key] = compute
        return self._functions[key]


class FeatureCache:
    """A `.npy` file of features, beside the cached images that they were computed from.

    Args:
        folder: The folder; None for `$KERASGAN_CACHE`, or the platform's cache folder if that is
            not set.
        identity: JSON-able: the images, and all else that their features depend on.
    """

    def __init__(self, folder: str | Path | None, identity: Any) -> None:
        folder = cache_folder() if folder is None else user_path(folder)
        self.path = folder / f"{cache_key(['features', _FORMAT, identity])}.features.npy"

    def read(self) -> np.ndarray | None:
        """Returns the features, or None if there is no whole file of them."""
        try:
            return np.load(self.path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None

    def write(self, features: np.ndarray) -> None:
        """Writes the features.

        Raises:
            UserError: The folder cannot be written, or the disk is full.
        """
        with atomic_write(self.path) as file:
            np.save(file, features)


def prepare(images: tf.Tensor, size: int, *, channels: int, scale: float) -> tf.Tensor:
    """Returns images as a network expects them, float32 `(batch, size, size, channels)`.

    Args:
        images: `(batch, height, width, 1 or channels)`, uint8, or float in [0, 1].
        size: The side of the result in pixels.
        channels: The channels of the result.
        scale: The value of white in the result.
    """
    if images.dtype != tf.uint8:
        images = tf.round(tf.cast(images, tf.float32) * 255.0)
    images = tf.cast(images, tf.float32)
    if images.shape[1:3] != (size, size):
        images = tf.image.resize(images, (size, size), method="bicubic", antialias=True)
        # A bicubic filter overshoots at edges.
        images = tf.clip_by_value(images, 0.0, 255.0)
    if images.shape[-1] != channels:
        images = tf.repeat(images, channels, axis=-1)
    return images * (scale / 255.0)
