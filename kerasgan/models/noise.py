"""The random numbers of a step."""

from collections.abc import Mapping
from typing import NamedTuple

import tensorflow as tf

from kerasgan import stateless


class Noise(NamedTuple):
    """All the random numbers that the step on one batch needs.

    They are pure functions of the seed, the batch and a purpose, such as `"critic latents"`: a
    restored model gets the numbers that it would have got, and those of different purposes are
    independent. Shapes include the size of the batch.

    Attributes:
        seed: Seed of the model.
        batch: The number of the batch, a scalar integer.
    """

    seed: int
    batch: tf.Tensor

    def normal(self, shape: tf.Tensor | tuple, purpose: str) -> tf.Tensor:
        """Returns float32 numbers from N(0, 1)."""
        return stateless.normal(shape, seed=self.seed, step=self.batch, purpose=purpose)

    def uniform(self, shape: tf.Tensor | tuple, purpose: str) -> tf.Tensor:
        """Returns float32 numbers, uniform in [0, 1)."""
        return stateless.uniform(shape, seed=self.seed, step=self.batch, purpose=purpose)

    def integers(self, shape: tf.Tensor | tuple, below: int, purpose: str) -> tf.Tensor:
        """Returns int32 numbers, uniform in [0, below)."""
        return stateless.integers(shape, below, seed=self.seed, step=self.batch, purpose=purpose)

    def labels(
        self, count: tf.Tensor | int, classes: Mapping[str, int], purpose: str
    ) -> dict[str, tf.Tensor]:
        """Returns int32 labels `(count,)`, uniform over the classes of each label set."""
        return {
            name: self.integers((count,), number, f"{purpose} {name}")
            for name, number in classes.items()
        }
