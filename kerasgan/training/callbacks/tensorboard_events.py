"""The metrics and samples of a run as TensorBoard events."""

from typing import Any

import tensorflow as tf

from kerasgan.drawing import grid
from kerasgan.drawing.samples import CARD_COLUMNS
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.sample_grid import SampleGrid
from kerasgan.training.run_folder import RunFolder


class TensorBoardEvents(IterationCallback):
    """Writes metrics and sample grids as TensorBoard events.

    Args:
        run: The run; the events are in its folder `tensorboard`.
        samples: Draws the grids, and says how often.
        every, batches, last: See `IterationCallback`.
    """

    def __init__(
        self,
        run: RunFolder,
        samples: SampleGrid,
        *,
        every: int,
        batches: int = 1,
        last: int | None = None,
    ) -> None:
        super().__init__(every=every, batches=batches, last=last)
        self.run, self.samples = run, samples
        self.writer: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the event file."""
        self.writer = tf.summary.create_file_writer(str(self.run.path / "tensorboard"))

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Writes scalars, and a grid as often as samples are drawn."""
        with self.writer.as_default(step=iteration):
            for name, value in logs.items():
                tf.summary.scalar(name, float(value))
            if iteration % self.samples.every == 0 or iteration == self.last:
                tf.summary.image("samples", grid(self.samples.draw(), columns=CARD_COLUMNS)[None])

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the event file."""
        self.writer.close()
