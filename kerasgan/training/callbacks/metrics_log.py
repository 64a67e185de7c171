"""The log of a run."""

import math
import time
from typing import Any

from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder


class MetricsLog(IterationCallback):
    """Writes the means of the metrics over each interval to the log of a run.

    A training that is stopped writes a line of the iterations since the last one too.

    Args:
        run: The run.
        images: Real images in an iteration.
        seconds: Training time so far.
        every, last: See `IterationCallback`.

    Raises:
        UserError: The disk is full or not writable.
    """

    def __init__(
        self,
        run: RunFolder,
        *,
        images: int,
        seconds: float = 0.0,
        every: int,
        last: int | None = None,
    ) -> None:
        super().__init__(every=every, last=last)
        self.run, self.images, self.seconds = run, images, seconds
        self.last_time, self.last_iteration = 0.0, 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock."""
        self.last_time = time.perf_counter()
        self.last_iteration = self.gan.iterations_seen

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes a line of the iterations since the last one, whose time would be lost."""
        done = self.gan.iterations_seen
        if done > self.last_iteration:
            self.on_iteration(done, {} if logs is None else logs)

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Writes a line and resets the means, but the last ones; `logs` keeps their values."""
        now = time.perf_counter()
        elapsed, self.last_time = now - self.last_time, now
        images = (iteration - self.last_iteration) * self.images
        self.last_iteration = iteration
        self.seconds += elapsed
        self.run.append_log(
            {
                "iteration": iteration,
                **{
                    name: float(value)
                    for name, value in logs.items()
                    if name != "loss" and not math.isnan(value)
                },
                "images_per_second": round(images / elapsed, 1),
                "seconds": round(self.seconds, 1),
            }
        )
        # After the last iteration Keras reads them once more, for callbacks of the epoch's end.
        if iteration != self.last:
            self.gan.reset_metrics()
