"""Sample grids of a model that trains."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.own_grids import GRID
from kerasgan.drawing import grid, save_picture
from kerasgan.drawing.card_samples import card_columns, draw_card_samples
from kerasgan.files.atomic import check_writable
from kerasgan.files.user_path import user_path
from kerasgan.training.callbacks.iteration_callback import IterationCallback


class SampleGrid(IterationCallback):
    """Draws a grid of samples from the same latents at intervals.

    The file is `<folder>/<iteration>.png`, with the iteration in six digits or more. It works with
    a plain `fit`, where an iteration is `n_critic` batches, one in most objectives:

    >>> gan.fit(dataset, epochs=100, callbacks=[SampleGrid("samples", every=500)])

    Args:
        folder: Where the pictures are written; it is made if it does not exist.
        every: Iterations between grids, at least 1. If `last` is `None`, the end of the training
            has a grid too.
        early: Iterations that have a grid besides; 0 is the model before its training.
        seed: Seed of the latents.
        last: Number of the last iteration, which has a grid too; `None` if it is not known.

    Raises:
        ValueError: `every` is below 1.
        UserError: When the training begins or a grid is written: the folder is not writable.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        every: int,
        early: Collection[int] = (),
        seed: int = 20,
        last: int | None = None,
    ) -> None:
        super().__init__(every=every, last=last)
        self.folder, self.seed, self.early = user_path(folder), seed, frozenset(early)
        self._drawn: int | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Draws the grid of iteration 0, if it is wanted and the training begins there.

        Raises:
            UserError: The folder is not writable.
        """
        check_writable(self.folder)
        if 0 in self.early and self.batches_seen == 0:
            self.on_iteration(0, {})

    def is_due(self, iteration: int) -> bool:
        """Returns whether an iteration has a grid."""
        return iteration in self.early or super().is_due(iteration)

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws the grid of an iteration."""
        image = grid(self.draw(), columns=card_columns(self.gan))
        path = self.folder / grid_name(iteration)
        save_picture(image, path, text={GRID: f"iteration {iteration} of a training"})
        self._drawn = iteration

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Draws the last grid, unless it is there."""
        iteration = self.gan.iterations_seen
        if self.last is None and iteration != self._drawn:
            self.on_iteration(iteration, {})

    def draw(self) -> np.ndarray:
        """Draws the samples of the grid.

        Returns:
            Images `(n, height, width, channels)`, float32 in [0, 1].
        """
        return draw_card_samples(self.gan, seed=self.seed)


def grid_name(iteration: int) -> str:
    """Returns the name of the file of an iteration's grid."""
    return f"{iteration:06d}.png"
