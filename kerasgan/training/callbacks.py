"""What happens around a training's steps."""

import math
import signal
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from tqdm import tqdm

from kerasgan.drawing import grid, save_picture
from kerasgan.errors import TrainingDiverged
from kerasgan.files import atomic_path
from kerasgan.training.run_folder import RunFolder

_LARGEST_LOSS = 1e6
_SAMPLES = 32
_SAMPLE_SEED = 20


class IterationCallback(keras.callbacks.Callback):
    """Turns the batches of `fit` into the iterations of the papers.

    Args:
        batches: Batches in an iteration.
        every: Iterations between calls of `on_iteration`; the last one is always called.
        last: Number of the last iteration.
    """

    def __init__(self, *, batches: int, every: int, last: int) -> None:
        super().__init__()
        self.batches, self.every, self.last = batches, every, last

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Calls `on_iteration` at the end of every `every`-th."""
        iteration, rest = divmod(int(self.model.batches_seen.numpy()), self.batches)
        if rest == 0 and (iteration % self.every == 0 or iteration == self.last):
            self.on_iteration(iteration, logs or {})

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Acts at the end of an iteration."""
        raise NotImplementedError


class StopOnDivergence(keras.callbacks.Callback):
    """Stops before a NaN or an exploding loss can reach the checkpoint.

    Raises:
        TrainingDiverged: A metric is not finite, or beyond 1e6.
    """

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Looks at every metric."""
        for name, value in (logs or {}).items():
            value = float(value)
            if not math.isfinite(value) or abs(value) > _LARGEST_LOSS:
                raise TrainingDiverged(
                    f"{name} became {value:g} at batch {int(self.model.batches_seen.numpy())}"
                )


class Log(IterationCallback):
    """Writes the metrics' means of each interval to the run's log."""

    def __init__(self, folder: RunFolder, *, images: int, seconds: float, **kwargs) -> None:
        """Continues a log.

        Args:
            folder: The run.
            images: Real images in an iteration.
            seconds: Training time so far.
            **kwargs: See `IterationCallback`.
        """
        super().__init__(**kwargs)
        self.folder, self.images, self.seconds = folder, images, seconds
        self.last_time = self.last_iteration = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock."""
        self.last_time = time.perf_counter()
        self.last_iteration = int(self.model.batches_seen.numpy()) // self.batches

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Writes a line and begins new means."""
        now = time.perf_counter()
        elapsed, self.last_time = now - self.last_time, now
        images = (iteration - self.last_iteration) * self.images
        self.last_iteration = iteration
        self.seconds += elapsed
        self.folder.append_log(
            {
                "iteration": iteration,
                **{name: float(value) for name, value in logs.items()},
                "images_per_second": round(images / elapsed, 1),
                "seconds": round(self.seconds, 1),
            }
        )
        self.model.reset_metrics()


class Checkpoint(IterationCallback):
    """Replaces the checkpoint, so that at any moment there is a whole one."""

    def __init__(self, folder: RunFolder, **kwargs) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Saves."""
        self.save()

    def save(self) -> None:
        """Writes the model's and the optimizers' state."""
        with atomic_path(self.folder.checkpoint) as path:
            self.model.save_weights(path)


class Samples(IterationCallback):
    """Draws a grid from the same latents at each interval."""

    def __init__(self, folder: RunFolder, **kwargs) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws `samples/<iteration>.png`."""
        image = grid(self.draw(), columns=8)
        save_picture(image, self.folder.samples / f"{iteration:06d}.png")

    def draw(self) -> np.ndarray:
        """Returns the images from the fixed latents."""
        return self.model.generate(_SAMPLES, seed=_SAMPLE_SEED)


class TensorBoardEvents(IterationCallback):
    """Writes metrics and sample grids as TensorBoard events."""

    def __init__(self, folder: RunFolder, samples: Samples, **kwargs) -> None:
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
                tf.summary.image("samples", grid(self.samples.draw(), columns=8)[None])

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the event file."""
        self.writer.close()


class Progress(keras.callbacks.Callback):
    """A progress bar of iterations on stderr, with the metrics, images/s and the time left."""

    def __init__(self, *, batches: int, batch_size: int, last: int) -> None:
        super().__init__()
        self.batches, self.batch_size, self.last = batches, batch_size, last
        self.bar = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Shows the bar where the training stands."""
        done = int(self.model.batches_seen.numpy()) // self.batches
        # The rate is an average since the start: one batch in n_critic is much slower.
        self.bar = tqdm(
            total=self.last, initial=done, unit="it", smoothing=0.0, dynamic_ncols=True
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar at the end of an iteration."""
        seen = int(self.model.batches_seen.numpy())
        if seen % self.batches:
            return
        rate = self.bar.format_dict["rate"] or 0.0
        values = {name: f"{float(value):.4g}" for name, value in (logs or {}).items()}
        values["images/s"] = f"{rate * self.batches * self.batch_size:.0f}"
        self.bar.set_postfix(values, refresh=False)
        self.bar.update(seen // self.batches - self.bar.n)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leaves the last state of the bar on the screen."""
        self.close()

    def close(self) -> None:
        """Ends the line."""
        if self.bar is not None:
            self.bar.close()


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the current batch on Ctrl-C or a termination request.

    A second Ctrl-C ends it at once. `stopped` tells afterwards whether a signal came.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stopped = False
        self._previous: dict[int, Callable | int | None] = {}

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Takes over the signals, where this is the main thread."""
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self._previous[number] = signal.signal(number, self._stop)
            except ValueError:
                return

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Ends training if a signal came."""
        if self.stopped:
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Gives the signals back."""
        self.restore()

    def restore(self) -> None:
        """Gives the signals back to whoever had them."""
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _stop(self, number: int, frame: Any) -> None:
        self.stopped = True
        self.restore()
