"""The checkpoints of a run."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

from kerasgan.errors import TrainingDiverged
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder

_LARGEST_WEIGHT = 1e6


class Checkpoint(IterationCallback):
    """Saves checkpoints, so that at any moment a whole and sound one is there.

    It belongs after the callbacks that write to the run folder: a training that is killed between
    them and the checkpoint resumes before what they wrote, and rewrites it.

    Args:
        run: The run.
        every, last: See `IterationCallback`.

    Raises:
        TrainingDiverged: A weight or an optimizer's state is not finite, or a weight is beyond
            1e6. The loss is computed before the update that spoils them, so it can still be sound.
        UserError: The disk is full or not writable.
    """

    def __init__(self, run: RunFolder, *, every: int, last: int | None = None) -> None:
        super().__init__(every=every, last=last)
        self.run = run
        self.saved: int | None = None

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Saves a checkpoint."""
        self.save()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Saves a checkpoint of where the training ended, by a signal too."""
        self.save()

    def save(self) -> None:
        """Writes the state of the model and its optimizers, unless this state is saved already."""
        batches_seen = self.batches_seen
        if batches_seen == self.saved:
            return
        self._check_state(batches_seen)
        self.run.checkpoints.save(self.gan)
        self.saved = batches_seen

    def _check_state(self, batches_seen: int) -> None:
        for variable in self.gan.training_state:
            value = np.asarray(tf.convert_to_tensor(variable.value))
            if not np.issubdtype(value.dtype, np.floating):
                continue
            largest = float(np.max(np.abs(value), initial=0.0))
            if not math.isfinite(largest) or (variable.trainable and largest > _LARGEST_WEIGHT):
                raise TrainingDiverged(
                    f"{variable.path} reached {largest:g} by batch {batches_seen}"
                )
