"""Maps turned by 180 degrees."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class HalfTurn(keras.layers.Layer):
    """Turns maps by 180 degrees: the first row becomes the last, and the first column too.

    Input and output: `(batch, height, width, channels)`, of any dtype.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return tf.reverse(inputs, axis=[1, 2])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape
