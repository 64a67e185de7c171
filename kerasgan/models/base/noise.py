"""The random numbers of a step."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import tensorflow as tf

from kerasgan.distribution import replicas
from kerasgan.randomness import stateless


class Noise(NamedTuple):
    """All the random numbers that the step on one batch needs.

    They are pure functions of the seed, the batch and a purpose, such as `"critic latents"`: a
    restored model gets the numbers that it would have got, and those of different purposes are
    independent. Shapes include the size of the batch, along `axis`, of which a replica of a
    `tf.distribute` strategy has a part; an axis of `None` is for numbers of no image.

    Attributes:
        seed: Seed of the model.
        batch: The number of the batch, a scalar integer.
        prefix: What stands before each purpose, so that batches of another kind have numbers of
            their own.
    """

    seed: int
    batch: tf.Tensor
    prefix: str = ""

    def normal(self, shape: tf.Tensor | tuple, purpose: str, *, axis: int | None = 0) -> tf.Tensor:
        """Returns float32 numbers from N(0, 1)."""
        return self._draw(stateless.normal, shape, purpose, axis)

    def uniform(self, shape: tf.Tensor | tuple, purpose: str, *, axis: int | None = 0) -> tf.Tensor:
        """Returns float32 numbers, uniform in [0, 1)."""
        return self._draw(stateless.uniform, shape, purpose, axis)

    def integers(
        self, shape: tf.Tensor | tuple, below: int, purpose: str, *, axis: int | None = 0
    ) -> tf.Tensor:
        """Returns int32 numbers, uniform in [0, below)."""
        return self._draw(stateless.integers, shape, purpose, axis, below=below)

    def labels(
        self, count: tf.Tensor | int, classes: Mapping[str, int], purpose: str
    ) -> dict[str, tf.Tensor]:
        """Returns int32 labels `(count,)`, uniform over the classes of each label set."""
        return {
            name: self.integers((count,), number, f"{purpose} {name}")
            for name, number in classes.items()
        }

    def _draw(
        self,
        source: Callable[..., tf.Tensor],
        shape: tf.Tensor | tuple,
        purpose: str,
        axis: int | None,
        **options: int,
    ) -> tf.Tensor:
        key = {"seed": self.seed, "step": self.batch, "purpose": self.prefix + purpose}
        return replicas.draw(lambda whole: source(whole, **options, **key), shape, axis)
