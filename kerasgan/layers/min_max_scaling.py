"""A linear map of each image onto a given interval."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class MinMaxScaling(keras.layers.Layer):
    """Maps each image linearly onto `[low, high]`.

    `low + (high - low) * (x - min(x)) / (max(x) - min(x))`, where the minimum and the maximum run
    over the height, width and channels of one image, so that an image does not depend on its
    neighbours in the batch. An image of one value has no such map; it becomes the middle of the
    interval. The layer has no parameters; gradients flow through the minimum and the maximum too.

    Input and output: `(batch, height, width, channels)`, float32, bfloat16 or float16; computed
    in float32.

    Args:
        low: Float, what the smallest value of an image becomes.
        high: Float above `low`, what the largest becomes.

    Example:
    >>> images = MinMaxScaling(-4.0, 4.0)(keras.random.normal((2, 8, 8, 3)))
    >>> float(keras.ops.min(images)), float(keras.ops.max(images))
    (-4.0, 4.0)

    Reference:
        Ahn, Lee and Huang, "Implementing Creative Adversarial Networks", University of
        California, Los Angeles, section 3 and appendix. It maps what goes into the generator's
        sigmoid linearly to [-4, 4], and does not say how; this is one reading.
    """

    # Spreads below it, far under what any image needs, count as none.
    _smallest_spread = 1e-6

    def __init__(self, low: float, high: float, **kwargs) -> None:
        super().__init__(**kwargs)
        if not low < high:
            raise ValueError(f"low must be below high. Received: low={low}, high={high}")
        self.low = low
        self.high = high

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) != 4:
            raise ValueError(
                "MinMaxScaling takes (batch, height, width, channels). "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        x = tf.cast(inputs, tf.float32)
        smallest = tf.reduce_min(x, axis=(1, 2, 3), keepdims=True)
        largest = tf.reduce_max(x, axis=(1, 2, 3), keepdims=True)
        spread = tf.maximum(largest - smallest, self._smallest_spread)
        # Measured from the middle of the values, not from their minimum, so that an image
        # without spread lands in the middle of the interval.
        places = (x - (largest + smallest) / 2.0) / spread
        return tf.cast(self.low + (self.high - self.low) * (places + 0.5), self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "low": self.low, "high": self.high}
