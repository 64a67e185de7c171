"""Noise at every place of a map, for details that do not depend on the latent."""

import keras
import numpy as np
import tensorflow as tf

from kerasgan import stateless


@keras.saving.register_keras_serializable("kerasgan")
class NoiseInjection(keras.layers.Layer):
    """Adds Gaussian noise, the same for all channels of a place, times one learned factor.

    In training the noise is new at each call: a pure function of `seed`, the layer's name and the
    number of calls before, which is kept as a weight, so that a restored network continues as if
    it had never stopped. Outside training there is no noise, so that a latent always gives the same
    picture: in drawings the noise is visible as specks, but without it in training the pictures
    show a lattice. The factor starts at zero.

    Input and output: `(batch, height, width, channels)`.

    Args:
        seed: Seed of the noise; `None` takes one from numpy's global generator, which
            `keras.utils.set_random_seed` sets.

    Example:
    >>> layer = NoiseInjection(seed=0)
    >>> layer(keras.random.normal((2, 8, 8, 16)), training=True).shape
    TensorShape([2, 8, 8, 16])

    Reference:
        Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
        Networks", 2019, https://arxiv.org/abs/1812.04948, section 2.
    """

    def __init__(self, seed: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.seed = int(np.random.randint(2**31)) if seed is None else seed

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.factor = self.add_weight(name="factor", shape=(), initializer="zeros")
        self.calls = self.add_weight(
            name="calls", shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training:
            return tf.convert_to_tensor(inputs)
        batch, height, width, _ = tf.unstack(tf.shape(inputs))
        noise = stateless.normal(
            (batch, height, width, 1),
            seed=self.seed,
            step=self.calls.value,
            purpose=f"noise {self.name}",
        )
        self.calls.assign_add(1)
        return inputs + tf.convert_to_tensor(self.factor) * tf.cast(noise, inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}
