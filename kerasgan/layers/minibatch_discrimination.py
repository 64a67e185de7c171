"""Minibatch discrimination."""

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.distribution.replicas import global_batch, section_count


@keras.saving.register_keras_serializable("kerasgan")
class MinibatchDiscrimination(keras.layers.Layer):
    """Appends learned measures of how close an image is to the others of its batch.

    With features `f(x_i)` in R^A and a learned tensor `T` in R^(A x B x C):

        M_i = f(x_i) T                                              B rows of length C
        c_b(x_i, x_j) = exp(-||M_ib - M_jb||_1)
        o(x_i)_b = sum over j of c_b(x_i, x_j)

    `o(x_i)`, B numbers, is appended to `f(x_i)`. As in the paper the sum runs over the whole
    batch, including `j = i`, whose term is always 1. So it lies in [1, batch] and grows with the
    batch: scores of batches of different sizes cannot be compared. Of a model with `joint_batches`
    the reals are compared with reals and the fakes with fakes, as in the paper.

    Input: `(batch, A)`. Output: `(batch, A + B)`, in the layer's compute dtype. The distances,
    `batch * batch * B * C` numbers, are computed in float32.

    Args:
        kernels: Positive int, B: the number of measures.
        kernel_dim: Positive int, C: the length of the rows that each compares.

    Example:
    >>> MinibatchDiscrimination(kernels=16)(keras.random.normal((8, 32))).shape
    TensorShape([8, 48])

    Reference:
        Salimans et al., "Improved Techniques for Training GANs", 2016, section 3.2,
        https://arxiv.org/abs/1606.03498
    """

    def __init__(self, kernels: int, kernel_dim: int = 5, **kwargs) -> None:
        super().__init__(**kwargs)
        self.kernels = whole_number("kernels", kernels, least=1)
        self.kernel_dim = whole_number("kernel_dim", kernel_dim, least=1)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) != 2:
            raise ValueError(
                "MinibatchDiscrimination takes (batch, features). "
                f"Received: input_shape={input_shape}"
            )
        # T with its last two axes merged, so that Glorot's initializer computes the right fans.
        self.tensor = self.add_weight(
            name="tensor",
            shape=(input_shape[-1], self.kernels * self.kernel_dim),
            initializer="glorot_uniform",
        )

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        rows = tf.cast(tf.matmul(inputs, self.tensor.value), tf.float32)
        rows = tf.reshape(rows, [-1, self.kernels, self.kernel_dim])
        # Images of one section, in all replicas of a strategy, are compared with each other.
        rows, others = (self._in_sections(each) for each in (rows, global_batch(rows)))
        distances = tf.reduce_sum(tf.abs(rows[:, :, tf.newaxis] - others[:, tf.newaxis]), axis=-1)
        closeness = tf.reduce_sum(tf.exp(-distances), axis=2)
        closeness = tf.reshape(closeness, [-1, self.kernels])
        return tf.concat([inputs, tf.cast(closeness, inputs.dtype)], axis=-1)

    def _in_sections(self, rows: tf.Tensor) -> tf.Tensor:
        return tf.reshape(rows, [section_count(), -1, self.kernels, self.kernel_dim])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[-1] + self.kernels)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "kernels": self.kernels,
            "kernel_dim": self.kernel_dim,
        }
