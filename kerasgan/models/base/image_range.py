"""The range of a generator's images, and how it is mapped to and from the user's [0, 1]."""

import math
from dataclasses import dataclass

import keras
import tensorflow as tf

from kerasgan.models.base.batch_checks import checked_range


@dataclass(frozen=True)
class ImageRange:
    """The closed interval of a generator's output, `[low, high]`.

    Users see images in [0, 1]. A step maps reals to the generator's own range, so that reals and
    fakes are never compared in different ranges.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low < self.high < math.inf:
            raise ValueError(
                "image_range must be (low, high), finite, with low < high. "
                f"Received: image_range=({self.low}, {self.high})"
            )

    @classmethod
    def of(cls, generator: keras.Model) -> "ImageRange":
        """Reads the range off the last layer: sigmoid draws in [0, 1], tanh in [-1, 1].

        Raises:
            ValueError: The last layer has another activation.
        """
        last = generator.layers[-1] if getattr(generator, "layers", None) else generator
        activation = getattr(getattr(last, "activation", last), "__name__", type(last).__name__)
        known = {"sigmoid": cls(0.0, 1.0), "tanh": cls(-1.0, 1.0)}
        if activation.lower() not in known:
            raise ValueError(
                "The generator's last layer must end in sigmoid (images in [0, 1]) or tanh "
                "(images in [-1, 1]), or the range be given as image_range=(low, high). "
                f"Received: generator={generator.name!r} with last layer {last.name!r} and "
                f"activation {activation!r}"
            )
        return known[activation.lower()]

    def from_user(self, images: tf.Tensor) -> tf.Tensor:
        """Maps images, uint8 or float in [0, 1], which is checked, to float32 in this range."""
        if images.dtype == tf.uint8:
            images = tf.cast(images, tf.float32) / 255.0
        else:
            images = checked_range(images)
        return images * (self.high - self.low) + self.low

    def to_user(self, images: tf.Tensor) -> tf.Tensor:
        """Maps images in this range to float32 in [0, 1]."""
        images = (tf.cast(images, tf.float32) - self.low) / (self.high - self.low)
        return tf.clip_by_value(images, 0.0, 1.0)
