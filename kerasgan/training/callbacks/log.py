"""The run's log."""

import math
import time
from typing import Any

from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder


class Log(IterationCallback):
    """Writes the metrics' means of each interval to the run's log."""

    def __init__(self, folder: RunFolder, *, images: int, seconds: float, **kwargs: int) -> None:
        """Continues a log.

        Args:
            folder: The run.
            images: Real images in an iteration.
            seconds: Training time so far.
            **kwargs: See `IterationCallback`.
        """
        super().__init__(**kwargs)
        self.folder, self.images, self.seconds = folder, images, seconds
        self.last_time = self.last_iteration = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock."""
        self.last_time = time.perf_counter()
        self.last_iteration = int(self.model.batches_seen.value.numpy()) // self.batches

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Writes a line and begins new means; `logs` keeps the old ones."""
        now = time.perf_counter()
        elapsed, self.last_time = now - self.last_time, now
        images = (iteration - self.last_iteration) * self.images
        self.last_iteration = iteration
        self.seconds += elapsed
        self.folder.append_log(
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
        self.model.reset_metrics()
