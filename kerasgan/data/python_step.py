"""Steps of a pipeline that are Python functions."""

import atexit
import threading
import time
from collections.abc import Callable

import numpy as np
import tensorflow as tf

_QUIET_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 10.0


class _Activity:
    """Which steps run, and when the last one ended."""

    def __init__(self) -> None:
        self._lock, self._running, self._last_end = threading.Lock(), 0, -np.inf

    def __enter__(self) -> None:
        with self._lock:
            self._running += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._running -= 1
            self._last_end = time.monotonic()

    @property
    def is_resting(self) -> bool:
        """Whether no step runs, and none has ended just now."""
        with self._lock:
            return not self._running and time.monotonic() - self._last_end > _QUIET_SECONDS


_ACTIVITY = _Activity()


def python_step(function: Callable, inputs: list, dtype: tf.DType) -> tf.Tensor:
    """Returns what a function of numpy arrays makes of tensors, as `tf.numpy_function` does.

    A step that begins while Python shuts down never ends, and whoever waits for its pipeline
    waits forever. So Python's end is put off until the pipelines rest. They do so as soon as they
    have filled their buffers: at that time no one takes batches any more.

    Args:
        function: A pure function of one numpy array for each input, to one numpy array.
        inputs: Tensors.
        dtype: Of what is returned.
    """

    def watched(*arrays: np.ndarray) -> np.ndarray:
        with _ACTIVITY:
            return function(*arrays)

    return tf.numpy_function(watched, inputs, dtype, stateful=False)


@atexit.register
def _rest() -> None:
    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    while not _ACTIVITY.is_resting and time.monotonic() < end:
        time.sleep(0.01)
