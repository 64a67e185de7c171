"""The learning curve of a run as a picture."""

import sys
from typing import Any

from kerasgan.errors import UserError
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.learning_curve import draw_learning_curve
from kerasgan.training.run_folder import RunFolder


class Plot(IterationCallback):
    """Draws `progress.png` of a run folder from its log, after each measurement.

    If it cannot be drawn, a line on stderr says why, and the training goes on without it.
    """

    is_drawable = True

    def __init__(self, folder: RunFolder, *, batches: int, every: int, last: int) -> None:
        super().__init__(batches=batches, every=every, last=last)
        self.folder = folder

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws the curve."""
        if not self.is_drawable:
            return
        try:
            draw_learning_curve(self.folder.log(), self.folder.path / "progress.png")
        except UserError as error:
            self.is_drawable = False
            print(f"progress.png is not drawn: {error}", file=sys.stderr)
