"""The metrics and samples of a run as TensorBoard events."""

from pathlib import Path
from typing import Any

import tensorflow as tf

from kerasgan.training.callbacks.run_log import End, RunLog


class TensorBoardEvents(RunLog):
    """Writes metrics and sample grids as TensorBoard events, in the run's folder `tensorboard`.

    Iterations that a killed training repeats after its last checkpoint are there twice, with the
    same values.
    """

    writer: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the event file."""
        self.writer = tf.summary.create_file_writer(str(self.run.path / "tensorboard"))
        self.write_first_grid()

    def write(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        with self.writer.as_default(step=iteration):
            for name, value in metrics.items():
                tf.summary.scalar(name, value)
            if grid is not None:
                tf.summary.image("samples", tf.io.decode_png(grid.read_bytes())[None])

    def close(self, how: End) -> None:
        if self.writer is not None:
            self.writer.close()
