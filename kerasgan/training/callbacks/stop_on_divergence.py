"""The end of a training whose losses exploded."""

import math
from typing import Any

import keras

from kerasgan.errors import TrainingDiverged

_LARGEST_LOSS = 1e6


class StopOnDivergence(keras.callbacks.Callback):
    """Stops at a NaN or an exploding loss, before anything else can record it.

    What `fit` reports is the mean since the last line of the log, in which one NaN stays.

    Raises:
        TrainingDiverged: A metric is not finite, or beyond 1e6.
    """

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Looks at every metric."""
        for name, value in (logs or {}).items():
            if name == "loss":
                continue  # It is there under its own name too.
            tracker = self.model.trackers.get(name)
            if tracker is not None and not float(tracker.count):
                continue  # Its NaN says that there was no update yet.
            value = float(value)
            if not math.isfinite(value) or abs(value) > _LARGEST_LOSS:
                raise TrainingDiverged(
                    f"{name} became {value:g} at batch {int(self.model.batches_seen.value.numpy())}"
                )
