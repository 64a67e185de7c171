"""The run for TensorBoard."""

from typing import Any

from kerasgan.drawing import grid
from kerasgan.drawing.samples import CARD_COLUMNS
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.samples import Samples
from kerasgan.training.run_folder import RunFolder


class TensorBoardEvents(IterationCallback):
    """Writes metrics and sample grids as TensorBoard events."""

    def __init__(self, folder: RunFolder, samples: Samples, **kwargs: int) -> None:
        super().__init__(**kwargs)
        self.folder, self.samples = folder, samples
        self.writer = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the event file."""
        import tensorflow as tf

        self.writer = tf.summary.create_file_writer(str(self.folder.path / "tensorboard"))

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Writes scalars, and a grid as often as samples are drawn."""
        import tensorflow as tf

        with self.writer.as_default(step=iteration):
            for name, value in logs.items():
                tf.summary.scalar(name, float(value))
            if iteration % self.samples.every == 0 or iteration == self.last:
                tf.summary.image("samples", grid(self.samples.draw(), columns=CARD_COLUMNS)[None])

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the event file."""
        self.writer.close()
