"""Stopping a training by a signal."""

import signal
import time
from collections.abc import Callable
from typing import Any

import keras

from kerasgan.training.callbacks.signal_notice import SignalNotice

_ONE_PRESS = 1.0
"""Seconds within which signals count as one.

A terminal sends Ctrl-C to all its processes, and one that started another may pass it on as well.
"""


class StopOnSignal(keras.callbacks.Callback):
    """Ends the training after the current batch on SIGINT (Ctrl-C), SIGTERM or SIGHUP.

    SIGHUP, that the terminal was closed, is left alone where it is ignored, as under `nohup`. A
    signal that arrives more than a second after the first one ends the training at once.

    It belongs after the callbacks that save something when the training ends.

    Args:
        agree: Returns whether any of several workers has to stop, given whether this one has; it
            is called after every batch.
        notice: A line to print on stderr as soon as the first signal arrives; `None` prints
            nothing.
    """

    def __init__(self, agree: Callable[[bool], bool] = bool, *, notice: str | None = None) -> None:
        super().__init__()
        self.agree = agree
        signals = _signals()
        self._notice = None if notice is None else SignalNotice(notice, signals)
        self._signals = signals
        self._signalled_at: float | None = None
        self._previous: dict[int, Any] = {}

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Takes over the signals if this is the main thread; others cannot."""
        self._signalled_at = None
        for number in self._signals:
            try:
                self._previous[number] = signal.signal(number, self._stop)
            except ValueError:
                return
        if self._notice is not None:
            self._notice.start()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Ends the training if there was a signal."""
        if self.agree(self._signalled_at is not None) and self.model is not None:
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
        now = time.monotonic()
        if self._signalled_at is None:
            self._signalled_at = now
        elif now - self._signalled_at > _ONE_PRESS:
            self.release()
            signal.raise_signal(number)


def _signals() -> list[int]:
    """Returns the signals that end a training."""
    signals: list[int] = [signal.SIGINT, signal.SIGTERM]
    # Windows has no SIGHUP.
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        signals.append(hangup)
    return signals
