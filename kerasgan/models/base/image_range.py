"""The range of a generator's images, and how it is mapped to and from the user's [0, 1]."""

import math
from dataclasses import dataclass

import keras
import tensorflow as tf

from kerasgan.models.base.batch_checks import checked_range
from kerasgan.models.base.last_activation import last_activation

_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


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
        layer, activation = last_activation(generator.outputs[0])
        if activation not in _RANGES:
            raise ValueError(
                "The generator's last layer must end in sigmoid (images in [0, 1]) or tanh "
                "(images in [-1, 1]), or the range be given as image_range=(low, high). "
                f"Received: generator={generator.name!r} with last layer {layer!r} and "
                f"activation {activation!r}"
            )
        return cls(*_RANGES[activation])

    @classmethod
    def given_or_of(
        cls, image_range: tuple[float, float] | None, generator: keras.Model
    ) -> "ImageRange":
        """Returns the range that is given, or else that of the generator's last layer.

        Raises:
            ValueError: The range is no pair of numbers, or the last layer has another, or none is
                given and its activation has none.
        """
        if image_range is None:
            return cls.of(generator)
        try:
            low, high = (float(each) for each in image_range)
        except (TypeError, ValueError):
            raise ValueError(
                "image_range must be (low, high), two numbers. "
                f"Received: image_range={image_range!r}"
            ) from None
        layer, activation = last_activation(generator.outputs[0])
        if (low, high) != (known := _RANGES.get(activation, (low, high))):
            raise ValueError(
                f"The generator's last layer {layer!r} ends in {activation}, which draws images in "
                f"{list(known)}: leave out image_range. Received: image_range={image_range!r}"
            )
        return cls(low, high)

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
