"""The base of what happens every so many iterations."""

from typing import Any

import keras


class IterationCallback(keras.callbacks.Callback):
    """Turns the batches of `fit` into the iterations of the papers.

    Args:
        batches: Batches in an iteration.
        every: Iterations between calls of `on_iteration`; the last one is always called.
        last: Number of the last iteration.
    """

    def __init__(self, *, batches: int, every: int, last: int) -> None:
        super().__init__()
        self.batches, self.every, self.last = batches, every, last

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Calls `on_iteration` at the end of every `every`-th."""
        iteration, rest = divmod(int(self.model.batches_seen.value.numpy()), self.batches)
        if rest == 0 and (iteration % self.every == 0 or iteration == self.last):
            self.on_iteration(iteration, logs or {})

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Acts at the end of an iteration."""
        raise NotImplementedError
