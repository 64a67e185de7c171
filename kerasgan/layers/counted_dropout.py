"""Dropout that a resumed training continues with the same masks."""

import keras
import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.distribution import replicas
from kerasgan.randomness import stateless


@keras.saving.register_keras_serializable("kerasgan")
class CountedDropout(keras.layers.Layer):
    """In training, sets each value to 0 with probability `rate` and the others to x / (1 - rate).

    Keras's own layer keeps the state of its random numbers outside of the weights, so that a
    restored network draws other masks. Here the mask is a pure function of `seed`, the layer's
    name and the number of calls before, which is kept as a weight. A network that is built anew by
    code, and not from its configuration, draws the same masks only if both seed and name are given:
    Keras's own names count the layers of a process.

    Input and output: of any shape.

    Args:
        rate: The probability, in [0, 1).
        seed: Seed of the masks; `None` takes one from numpy's global generator, which
            `keras.utils.set_random_seed` sets.

    Raises:
        ValueError: `rate` is out of range, or `seed` is no integer.

    Example:
    >>> dropout = CountedDropout(0.25, seed=0, name="dropout")
    >>> dropout(keras.random.normal((2, 8)), training=True).shape
    TensorShape([2, 8])

    Reference:
        Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
        2014, section 10 (activations scaled up in training).
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        if not 0.0 <= rate < 1.0:
            raise ValueError(f"rate must be in [0, 1). Received: rate={rate}")
        self.rate = rate
        self.seed = int(np.random.randint(2**31)) if seed is None else whole_number("seed", seed)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.calls = self.add_weight(
            name="calls", shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        inputs = tf.convert_to_tensor(inputs)
        if not training:
            return inputs
        key = {"seed": self.seed, "step": self.calls.value, "purpose": f"dropout {self.name}"}
        draws = replicas.draw(
            lambda shape: stateless.uniform(shape, **key), tuple(tf.unstack(tf.shape(inputs))), 0
        )
        self.calls.assign_add(1)
        kept = tf.cast(draws >= self.rate, inputs.dtype)
        return inputs * kept / tf.cast(1.0 - self.rate, inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
