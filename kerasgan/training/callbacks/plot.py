"""The learning curve of a run as a picture."""

from typing import Any

from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.learning_curve import draw_learning_curve
from kerasgan.training.run_folder import RunFolder


class Plot(IterationCallback):
    """Draws `progress.png` of a run folder from its log, after each measurement."""

    def __init__(self, folder: RunFolder, *, batches: int, every: int, last: int) -> None:
        super().__init__(batches=batches, every=every, last=last)
        self.folder = folder

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws the curve."""
        draw_learning_curve(self.folder.log(), self.folder.path / "progress.png")
