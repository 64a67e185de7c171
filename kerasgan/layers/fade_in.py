"""A part of a network that is faded in."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class FadeIn(keras.layers.Layer):
    """Goes over from a coarse path through a network to a fine one.

    `outputs = amount * fine + (1 - amount) * coarse`, where the amount is a weight that no
    optimizer moves: who trains the network sets it, from 0 at first to 1.

    Input: `[fine, coarse]` of one shape. Output: the same shape.

    Example:
    >>> layer = FadeIn()
    >>> float(layer([keras.ops.ones((1,)), keras.ops.zeros((1,))])[0])
    0.0
    >>> layer.amount.assign(0.25)
    >>> float(layer([keras.ops.ones((1,)), keras.ops.zeros((1,))])[0])
    0.25

    Reference:
        Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and
        Variation", 2018, figure 2, https://arxiv.org/abs/1710.10196
    """

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        self.amount = self.add_weight(
            name="amount", shape=(), initializer="zeros", dtype="float32", trainable=False
        )

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        fine, coarse = inputs
        amount = tf.cast(self.amount.value, fine.dtype)
        return amount * fine + (1 - amount) * coarse

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        return tuple(input_shape[0])
