"""Stopping a training by a signal."""

import signal
from collections.abc import Callable
from typing import Any

import keras

from kerasgan.training.callbacks.signal_notice import SignalNotice

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopOnSignal(keras.callbacks.Callback):
    """Ends the training after the current batch on SIGINT (Ctrl-C) or SIGTERM.

    A second signal ends it at once.

    Args:
        agree: Returns whether any of several workers has to stop, given whether this one has; it
            is called after every batch.
        notice: A line to print on stderr as soon as the first signal arrives; `None` prints
            nothing.
    """

    def __init__(self, agree: Callable[[bool], bool] = bool, *, notice: str | None = None) -> None:
        super().__init__()
        self.agree = agree
        self._notice = None if notice is None else SignalNotice(notice, _SIGNALS)
        self._is_signalled = False
        self._previous: dict[int, Any] = {}

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Takes over the signals if this is the main thread; others cannot."""
        self._is_signalled = False
        for number in _SIGNALS:
            try:
                self._previous[number] = signal.signal(number, self._stop)
            except ValueError:
                return
        if self._notice is not None:
            self._notice.start()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Ends the training if there was a signal."""
        if self.agree(self._is_signalled) and self.model is not None:
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the signal handlers."""
        self.release()

    def release(self) -> None:
        """Restores the signal handlers that were there before.

        `fit` of a kerasgan model calls it at its end, that by an error too.
        """
        if self._notice is not None:
            self._notice.stop()
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _stop(self, number: int, frame: Any) -> None:
        self._is_signalled = True
        self.release()
