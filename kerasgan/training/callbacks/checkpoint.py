"""The run's checkpoint."""

import math
from typing import Any

import numpy as np

from kerasgan.errors import TrainingDiverged
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder

_LARGEST_WEIGHT = 1e6


class Checkpoint(IterationCallback):
    """Saves checkpoints, so that at any moment there is a whole and sound one.

    It belongs after the callbacks that write to the run folder: a training killed between them
    and the checkpoint is resumed before what they wrote, and writes it again.

    Raises:
        TrainingDiverged: A weight or an optimizer's state is not finite, or a weight is beyond
            1e6. A loss is computed before the step that it leads to, so it can still look sound.
        UserError: The disk is full or not writable.
    """

    def __init__(self, folder: RunFolder, **kwargs: int) -> None:
        super().__init__(**kwargs)
        self.folder = folder
        self.saved = None

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Saves."""
        self.save()

    def save(self) -> None:
        """Writes the model's and the optimizers' state, unless this very state is there."""
        batches_seen = int(self.model.batches_seen.value.numpy())
        if batches_seen == self.saved:
            return
        self._check_state(batches_seen)
        self.folder.checkpoints.save(self.model)
        self.saved = batches_seen

    def _check_state(self, batches_seen: int) -> None:
        model = self.model
        optimizers = [getattr(model, name) for name in model.optimizer_names]
        for variable in [*model.variables, *(v for o in optimizers for v in o.variables)]:
            value = variable.value.numpy()
            if not np.issubdtype(value.dtype, np.floating):
                continue
            largest = float(np.max(np.abs(value), initial=0.0))
            if not math.isfinite(largest) or (variable.trainable and largest > _LARGEST_WEIGHT):
                raise TrainingDiverged(
                    f"{variable.path} came to hold {largest:g} by batch {batches_seen}"
                )
