"""The random numbers of a step."""

from collections.abc import Mapping
from typing import NamedTuple

import tensorflow as tf

from kerasgan import stateless


class Noise(NamedTuple):
    """All that the step on one batch draws at random.

    Each draw is a pure function of the seed, the batch and what the draw is for, so a restored
    model draws what it would have drawn, and different purposes draw independently.

    Attributes:
        seed: Seed of the model.
        batch: The number of the batch, a scalar integer.
    """

    seed: int
    batch: tf.Tensor

    def normal(self, shape: tf.Tensor | tuple, purpose: str) -> tf.Tensor:
        """Draws from N(0, 1), float32."""
        return stateless.normal(shape, seed=self.seed, step=self.batch, purpose=purpose)

    def uniform(self, shape: tf.Tensor | tuple, purpose: str) -> tf.Tensor:
        """Draws uniformly from [0, 1), float32."""
        return stateless.uniform(shape, seed=self.seed, step=self.batch, purpose=purpose)

    def integers(self, shape: tf.Tensor | tuple, below: int, purpose: str) -> tf.Tensor:
        """Draws uniformly from [0, below), int32."""
        return stateless.integers(shape, below, seed=self.seed, step=self.batch, purpose=purpose)

    def labels(
        self, count: tf.Tensor | int, classes: Mapping[str, int], purpose: str
    ) -> dict[str, tf.Tensor]:
        """Draws int32 labels `(count,)`, uniformly from the classes of each label set."""
        return {
            name: self.integers((count,), number, f"{purpose} {name}")
            for name, number in classes.items()
        }
