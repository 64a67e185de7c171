"""A line on stderr as soon as a signal arrives."""

import signal
import socket
import sys
import threading
from collections.abc import Collection

from tqdm import tqdm


class SignalNotice:
    """Prints a line on stderr at the first of some signals, even in the middle of a long step.

    Python calls a signal's handler between two of its own instructions, so not before the step of
    TensorFlow that is under way has ended. It writes the signal's number to the wakeup file at
    once, which a thread reads here. Progress bars are drawn again below the line.

    Args:
        line: What to print.
        signals: The signals, which must have handlers of Python.
    """

    def __init__(self, line: str, signals: Collection[int]) -> None:
        self.line, self.signals = line, frozenset(signals)
        self.thread: threading.Thread | None = None
        self._writer: socket.socket | None = None
        self._previous = -1

    def start(self) -> None:
        """Waits for the signals. It must be called in the main thread."""
        reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._previous = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self.thread = threading.Thread(target=self._wait, args=(reader,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Waits no longer. A signal that has arrived is still reported.

        It does not join the thread, because a signal's handler may call it while the main thread
        holds the lock of the progress bar.
        """
        writer, self._writer = self._writer, None
        if writer is not None:
            signal.set_wakeup_fd(self._previous)
            writer.close()

    def _wait(self, reader: socket.socket) -> None:
        is_reported = False
        with reader:
            # To the end, because a signal that finds no reader is an error on stderr.
            while numbers := reader.recv(64):
                if not is_reported and self.signals.intersection(numbers):
                    tqdm.write(self.line, file=sys.stderr)
                    is_reported = True
