"""The base class of callbacks that act every so many iterations."""

from typing import Any

import keras

from kerasgan.argument_checks import whole_number
from kerasgan.models import AdversarialModel


class IterationCallback(keras.callbacks.Callback):
    """Counts the iterations of the papers, of `n_critic` batches each, and acts at intervals.

    With `steps_per_execution` above 1 Keras calls callbacks after several batches. It then acts
    once after those in which an iteration was due.

    Args:
        every: Iterations between calls of `on_iteration`, at least 1.
        last: Number of the last iteration, at which `on_iteration` is called too; `None` if it is
            not known.

    Raises:
        ValueError: `every` is below 1.
    """

    def __init__(self, *, every: int, last: int | None = None) -> None:
        super().__init__()
        self.every = whole_number("every", every, least=1)
        self.last = last
        self._before: int | None = None  # How many batches were seen before the step.

    @property
    def gan(self) -> AdversarialModel:
        """The model that is trained."""
        return self.model  # pyright: ignore[reportReturnType] (Keras sets it before training)

    @property
    def batches_seen(self) -> int:
        """How many batches the model was trained on, in this `fit` and before."""
        return int(self.gan.batches_seen.value.numpy())

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._before = self.batches_seen

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Calls `on_iteration` at the end of every iteration that is due."""
        seen = self.batches_seen
        before, self._before = seen - 1 if self._before is None else self._before, None
        iteration, n_critic = seen // self.gan.n_critic, self.gan.n_critic
        if any(self.is_due(each) for each in range(before // n_critic + 1, iteration + 1)):
            self.on_iteration(iteration, {} if logs is None else logs)

    def is_due(self, iteration: int) -> bool:
        """Returns whether to act at the end of an iteration: every `every`-th one, and the last."""
        return iteration % self.every == 0 or iteration == self.last

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Acts at the end of an iteration.

        Args:
            iteration: Its number, from 1.
            logs: The metrics; what is added to them is seen by the callbacks that follow.
        """
        raise NotImplementedError
