"""What pictures are compared by: the features of a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

RESIZER = "antialiased bicubic"
_BATCH_SIZE = 64


class Images(Protocol):
    """An array of images, or what is indexed like one, such as those of an `ImageSet`."""

    shape: tuple[int, ...]
    dtype: np.dtype

    def __getitem__(self, index: slice) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class Features:
    """A network that pictures are compared by, and how they are brought to it.

    Pictures are rounded to 8 bits, as they are when they are saved: reals come from files and
    have been rounded already. Grey is repeated to three channels where the network takes three.

    Attributes:
        name: As results name it.
        network: A model from images `(batch, height, width, channels)` to features
            `(batch, n)`.
        image_size: The side of the network's images in pixels; pictures of other sizes are
            resized by a bicubic filter that averages where it shrinks, as Pillow's does.
        identity: What tells these features from all others, for the cache; empty where nothing
            does, and nothing is cached.
        scale: The network's white, 255 or 1; its black is 0.
        facts: What else a reader of the results should know, such as a classifier's accuracy.
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
        """The features' name, size and resizer, and their facts, as results give them."""
        return {
            "features": self.name,
            "feature_image_size": self.image_size,
            "resizer": RESIZER,
            **dict(self.facts),
        }

    def __call__(
        self, images: Images, *, describe: str = "Features", progress: bool = False
    ) -> np.ndarray:
        """Returns the features of images, float32 `(n, features)`.

        Args:
            images: `(n, height, width, 1 or 3)`, uint8, or float in [0, 1].
            describe: What the progress bar says.
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
        """Returns the function of batches of images of one shape and type.

        It is kept: making its graph takes seconds, as long as features of hundreds of pictures.
        """
        key = (*shape, np.dtype(dtype))
        if key not in self._functions:
            channels = self.network.inputs[0].shape[-1]

            @tf.function(input_signature=[tf.TensorSpec((None, *shape), dtype)])
            def compute(batch: tf.Tensor) -> tf.Tensor:
                prepared = prepare(batch, self.image_size, channels=channels, scale=self.scale)
                return tf.cast(self.network(prepared, training=False), tf.float32)

            self._functions[key] = compute
        return self._functions[key]


def prepare(images: tf.Tensor, size: int, *, channels: int, scale: float) -> tf.Tensor:
    """Returns images as a network takes them, float32 `(batch, size, size, channels)`.

    Args:
        images: `(batch, height, width, 1 or channels)`, uint8, or float in [0, 1].
        size: The side of the result.
        channels: Of the result.
        scale: The result's white.
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
