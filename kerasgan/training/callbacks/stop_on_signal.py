"""The end of a training that is asked to stop."""

import signal
from collections.abc import Callable
from typing import Any

import keras


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the current batch on Ctrl-C or a termination request.

    A second Ctrl-C ends it at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked = False
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
        if self._asked:
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Gives the signals back."""
        self.restore()

    def restore(self) -> None:
        """Gives the signals back to whoever had them."""
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _stop(self, number: int, frame: Any) -> None:
        self._asked = True
        self.restore()
