"""The base class of callbacks that show a run in another program."""

import math
from pathlib import Path
from typing import Any, Literal

from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.sample_grid import grid_name
from kerasgan.training.run_folder import RunFolder

End = Literal["finished", "stopped", "failed"]
"""How a training ended: at its last iteration, by a signal, or by an error."""


class RunLog(IterationCallback):
    """Passes the metrics of a run on, and the sample grids that are drawn in the run folder.

    It belongs after the callbacks that add metrics and draw the grids.

    Args:
        run: The run.
        every, last: See `IterationCallback`.
    """

    def __init__(self, run: RunFolder, *, every: int, last: int | None = None) -> None:
        super().__init__(every=every, last=last)
        self.run = run

    def write_first_grid(self) -> None:
        """Passes on the grid of iteration 0, where a training begins with one."""
        if self.batches_seen == 0 and (grid := self._grid(0)) is not None:
            self.write(0, {}, grid)

    def is_due(self, iteration: int) -> bool:
        """Returns whether an iteration is passed on: also where there is only a grid."""
        return super().is_due(iteration) or self._grid(iteration) is not None

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Passes on the metrics that have values, if they are due, and the grid if there is one."""
        due = logs if super().is_due(iteration) else {}
        values = {name: float(value) for name, value in due.items() if name != "loss"}
        finite = {name: value for name, value in values.items() if math.isfinite(value)}
        self.write(iteration, finite, self._grid(iteration))

    def _grid(self, iteration: int) -> Path | None:
        path = self.run.samples / grid_name(iteration)
        return path if path.is_file() else None

    def write(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        """Passes on what there is of one iteration."""
        raise NotImplementedError

    def close(self, how: End) -> None:
        """Ends the log, if it has not ended."""
        raise NotImplementedError

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Ends the log."""
        done = self.gan.iterations_seen
        self.close("finished" if self.last in (None, done) else "stopped")
