"""The inverse of tanh."""

import keras
import tensorflow as tf

# tanh reaches 1 nowhere: what lies beyond this is taken for it.
_LARGEST = 0.99


@keras.saving.register_keras_serializable("kerasgan")
class InverseTanh(keras.layers.Layer):
    """Gives the number whose tanh is the input: 1/2 log((1 + x) / (1 - x)).

    A network that ends in tanh can so begin from a picture in [-1, 1] and add to it.

    Input and output: any shape; float32 under every dtype policy unless `dtype` says otherwise.
    Inputs are clipped to [-0.99, 0.99].

    Example:
    >>> float(InverseTanh()(keras.ops.tanh(0.5)))
    0.5
    """

    def __init__(self, *, dtype: str | keras.DTypePolicy = "float32", **kwargs) -> None:
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        inputs = tf.clip_by_value(inputs, -_LARGEST, _LARGEST)
        # `tf.atanh` has no counterpart in LiteRT.
        return 0.5 * (tf.math.log(1.0 + inputs) - tf.math.log(1.0 - inputs))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape
