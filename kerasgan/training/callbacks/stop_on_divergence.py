"""Stopping a training whose losses explode."""

import math
from typing import Any

import keras
import tensorflow as tf

from kerasgan.errors import TrainingDiverged
from kerasgan.training.callbacks.iteration_callback import IterationCallback

_LARGEST_LOSS = 1e6


class StopOnDivergence(IterationCallback):
    """Ends a training at a NaN or an exploding loss, before other callbacks record it.

    `fit` reports means, since the last line of the log or the start of the epoch; one NaN makes
    the mean NaN.

    Raises:
        TrainingDiverged: A metric is not finite, or beyond 1e6.
    """

    def __init__(self) -> None:
        super().__init__(every=1)

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Checks every metric."""
        for name, value in logs.items():
            if name == "loss":
                continue  # It is one of the other metrics under a second name.
            value = float(value)
            tracker = self.gan.trackers.get(name)
            # On several machines all have to read the count, so it is only read if need be.
            if math.isnan(value) and tracker is not None and not _count(tracker):
                continue  # NaN here means that there was no update yet.
            if not math.isfinite(value) or abs(value) > _LARGEST_LOSS:
                raise TrainingDiverged(f"{name} became {value:g} at iteration {iteration}")


def _count(tracker: keras.metrics.Mean) -> float:
    return float(tf.convert_to_tensor(tracker.count.value))
