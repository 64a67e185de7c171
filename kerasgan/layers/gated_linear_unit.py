"""The gated linear unit."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class GatedLinearUnit(keras.layers.Layer):
    """Halves the channels: the first half, times the sigmoid of the second.

    Input: `(..., channels)`, an even number. Output: `(..., channels / 2)`.

    Example:
    >>> GatedLinearUnit()(keras.ops.array([[2.0, 0.0]]))
    <tf.Tensor: shape=(1, 1), dtype=float32, numpy=array([[1.]], dtype=float32)>

    Reference:
        Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017,
        https://arxiv.org/abs/1612.08083, equation 1.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if input_shape[-1] % 2:
            raise ValueError(
                "GatedLinearUnit needs an even number of channels. "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        values, gates = tf.split(inputs, 2, axis=-1)
        return values * tf.sigmoid(gates)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], input_shape[-1] // 2)
