"""The progress bar."""

import sys
from typing import Any

import keras
from tqdm import tqdm


class Progress(keras.callbacks.Callback):
    """A progress bar of iterations on stderr, with the metrics, images/s and the time left."""

    def __init__(self, *, batches: int, batch_size: int, last: int) -> None:
        super().__init__()
        self.batches, self.batch_size, self.last = batches, batch_size, last
        self.bar = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Shows the bar where the training stands."""
        done = int(self.model.batches_seen.value.numpy()) // self.batches
        # The rate is an average since the start: one batch in n_critic is much slower. In a file
        # every new state of the bar stays, so there they are few.
        self.bar = tqdm(
            total=self.last,
            initial=done,
            unit="it",
            smoothing=0.0,
            dynamic_ncols=True,
            mininterval=0.1 if sys.stderr.isatty() else 30.0,
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Moves the bar at the end of an iteration."""
        seen = int(self.model.batches_seen.value.numpy())
        if seen % self.batches:
            return
        values = {
            name: f"{float(value):.4g}" for name, value in (logs or {}).items() if name != "loss"
        }
        state = self.bar.format_dict
        if state["elapsed"] > 0.0:
            iterations = seen // self.batches - state["initial"]
            images = iterations * self.batches * self.batch_size
            values["images/s"] = f"{images / state['elapsed']:.0f}"
        self.bar.set_postfix(values, refresh=False)
        self.bar.update(seen // self.batches - self.bar.n)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leaves the last state of the bar on the screen."""
        self.close()

    def close(self) -> None:
        """Ends the line."""
        if self.bar is not None:
            self.bar.close()
