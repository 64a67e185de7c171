"""Random numbers as pure functions of (seed, step, purpose).

Nothing here holds state, so a run that is killed and resumed draws exactly what it would have
drawn. The philox generator is named explicitly because it gives the same numbers in eager mode and
in graphs. A step that XLA compiles (`compile(jit_compile=True)`) draws others: XLA has a philox of
its own, of the same distributions. So a run is a function of `jit_compile` too, which a model saves
with its configuration; trainings of recipes are never compiled by XLA.
"""

import zlib
from typing import Any

import tensorflow as tf

from kerasgan.randomness.seeds import canonical_seed

_ALGORITHM = "philox"
# Integers, or scalar tensors where a graph does not know them; TensorFlow declares integers alone.
Shape = tuple[Any, ...]


def key(seed: int, step: tf.Tensor, purpose: str) -> tf.Tensor:
    """Returns the int64 `(2,)` key of one draw.

    Args:
        seed: The run's seed, a Python int, taken modulo 2**31.
        step: Scalar integer tensor or int: the number of the batch.
        purpose: What the draw is for, e.g. `"generator latent"`; different purposes draw
            independent numbers at the same step. All replicas of a `tf.distribute` strategy draw
            the same; see `kerasgan.distribution.replicas.draw`.
    """
    stream = canonical_seed(seed) << 32 | zlib.crc32(purpose.encode())
    return tf.stack([tf.constant(stream, tf.int64), tf.cast(step, tf.int64)])


def normal(shape: Shape, *, seed: int, step: tf.Tensor, purpose: str) -> tf.Tensor:
    """Returns float32 N(0, 1) draws of `shape`; see `key` for the arguments."""
    return tf.random.stateless_normal(shape, key(seed, step, purpose), alg=_ALGORITHM)


def uniform(shape: Shape, *, seed: int, step: tf.Tensor, purpose: str) -> tf.Tensor:
    """Returns float32 draws of `shape`, uniform in [0, 1); see `key` for the arguments."""
    return tf.random.stateless_uniform(shape, key(seed, step, purpose), alg=_ALGORITHM)


def integers(shape: Shape, below: int, *, seed: int, step: tf.Tensor, purpose: str) -> tf.Tensor:
    """Returns int32 draws of `shape`, uniform in [0, below); see `key` for the arguments."""
    return tf.random.stateless_uniform(
        shape, key(seed, step, purpose), 0, below, tf.int32, alg=_ALGORITHM
    )
