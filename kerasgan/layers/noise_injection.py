"""Noise at every place of a map, for details that do not depend on the latent."""

import keras
import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.distribution import replicas
from kerasgan.randomness import philox, stateless


@keras.saving.register_keras_serializable("kerasgan")
class NoiseInjection(keras.layers.Layer):
    """Adds Gaussian noise, the same for all channels of a place, times one learned factor.

    In training the noise is new at each call: a pure function of `seed`, the layer's name and the
    number of calls before, which is kept as a weight, so that a restored network continues as if
    it had never stopped. Outside training a latent must always give the same picture. So there is
    no noise then, or with `fixed` one map of noise for all pictures: the generator has learned to
    make fine texture from noise, which paintings lack without it, and which shows as specks on
    drawings of flat colours. The factor starts at zero. A network that is built anew by code, and
    not from its configuration, has the same noise only if both seed and name are given: Keras's own
    names count the layers of a process.

    Input and output: `(batch, height, width, channels)`.

    Args:
        seed: Seed of the noise; `None` takes one from numpy's global generator, which
            `keras.utils.set_random_seed` sets.
        fixed: Whether there is noise outside training. The maps must have known sides then.

    Example:
    >>> layer = NoiseInjection(seed=0, name="noise")
    >>> layer(keras.random.normal((2, 8, 8, 16)), training=True).shape
    TensorShape([2, 8, 8, 16])

    Reference:
        Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
        Networks", 2019, https://arxiv.org/abs/1812.04948, section 2.
    """

    def __init__(self, seed: int | None = None, *, fixed: bool = False, **kwargs) -> None:
        super().__init__(**kwargs)
        self.seed = int(np.random.randint(2**31)) if seed is None else whole_number("seed", seed)
        self.fixed = fixed

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.factor = self.add_weight(name="factor", shape=(), initializer="zeros")
        self.calls = self.add_weight(
            name="calls", shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        if self.fixed:
            _, height, width, _ = input_shape
            # In numpy, so that it is a constant of every graph and every exported file.
            purpose = f"fixed noise {self.name}"
            fixed_map = philox.normal(range(height), width, seed=self.seed, purpose=purpose)
            self._fixed_map = fixed_map[np.newaxis, :, :, np.newaxis]

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training:
            inputs = tf.convert_to_tensor(inputs)
            return self._added(inputs, self._fixed_map) if self.fixed else inputs
        batch, height, width, _ = tf.unstack(tf.shape(inputs))
        key = {"seed": self.seed, "step": self.calls.value, "purpose": f"noise {self.name}"}
        noise = replicas.draw(
            lambda shape: stateless.normal(shape, **key), (batch, height, width, 1), 0
        )
        self.calls.assign_add(1)
        return self._added(inputs, noise)

    def _added(self, inputs: tf.Tensor, noise: tf.Tensor | np.ndarray) -> tf.Tensor:
        return inputs + tf.convert_to_tensor(self.factor) * tf.cast(noise, inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed, "fixed": self.fixed}
