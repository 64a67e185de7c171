"""Spectral normalization of a layer's kernel."""

import keras
import tensorflow as tf

_EPSILON = 1e-12


@keras.saving.register_keras_serializable("kerasgan")
class SpectralNormalization(keras.layers.Layer):
    """Divides a kernel by its largest singular value.

    A kernel W, seen as the matrix of a linear map with one row per input value and one column per
    output channel, is replaced by

        W / sigma(W),    sigma(W) = u^T W^T v = max |W^T v| / |v|

    where u and v are the leading singular vectors, found by one step of power iteration at each
    call:

        v = W u / |W u|,    u = W^T v / |W^T v|

    u is kept as a weight. The gradient flows through W and through sigma(W), with u and v held
    constant (section 2.3 of the paper, equations 9 to 12).

    Call it with a float32 kernel whose last axis is the output channels, of any rank above 1. It
    returns a float32 tensor of the same shape. Outside training, or if the layer is not trainable,
    the step is taken too, from the u that is kept, but its u is not kept.

    Example:
    >>> kernel = keras.random.normal((3, 3, 8, 16))
    >>> SpectralNormalization()(kernel, training=True).shape
    TensorShape([3, 3, 8, 16])

    Reference:
        Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
        https://arxiv.org/abs/1802.05957, algorithm 1.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"dtype": "float32", "autocast": False, **kwargs})

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.u = self.add_weight(
            name="u",
            shape=(input_shape[-1],),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
        )

    def call(self, kernel: tf.Tensor, training: bool = False) -> tf.Tensor:
        kernel = tf.convert_to_tensor(kernel)
        matrix = tf.reshape(kernel, [-1, kernel.shape[-1]])
        constant = tf.stop_gradient(matrix)
        v = _unit(tf.linalg.matvec(constant, self.u.value))
        u = _unit(tf.linalg.matvec(constant, v, transpose_a=True))
        if training and self.trainable:
            self.u.assign(u)
        sigma = tf.reduce_sum(tf.linalg.matvec(matrix, v, transpose_a=True) * u)
        return kernel / sigma

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        return input_shape


def _unit(vector: tf.Tensor) -> tf.Tensor:
    return vector / (tf.norm(vector) + _EPSILON)
