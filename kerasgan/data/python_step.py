"""Python functions as steps of a `tf.data` pipeline."""

import atexit
import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import tensorflow as tf

from kerasgan.errors import UserError

_QUIET_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 10.0


class _Activity:
    """Counts the steps that are running, and remembers when the last one ended."""

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
        """Whether no step is running, and none has ended within the last half second."""
        with self._lock:
            return not self._running and time.monotonic() - self._last_end > _QUIET_SECONDS


_ACTIVITY = _Activity()
_errors: list[UserError] = []


def python_step(function: Callable, inputs: list, dtype: tf.DType) -> tf.Tensor:
    """Applies a function of numpy arrays to tensors, as `tf.numpy_function` does.

    A step that begins while Python shuts down never ends, and TensorFlow then waits for it
    forever. So the exit of Python is delayed until no step is running. That is soon, because no
    batches are taken at that time, and pipelines pause when their buffers are full.

    Args:
        function: A pure function from one numpy array per input to one numpy array.
        inputs: Tensors.
        dtype: The dtype of the result.
    """

    def watched(*arrays: np.ndarray) -> np.ndarray:
        with _ACTIVITY:
            try:
                return function(*arrays)
            except UserError as error:
                _errors.append(error)
                raise

    return tf.numpy_function(watched, inputs, dtype, stateful=False)


@contextlib.contextmanager
def step_errors() -> Iterator[None]:
    """Raises the `UserError` of a step as it is, where TensorFlow has a page on it."""
    _errors.clear()
    try:
        yield
    except tf.errors.OpError:
        if _errors:
            raise _errors[0] from None
        raise


@atexit.register
def _rest() -> None:
    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    while not _ACTIVITY.is_resting and time.monotonic() < end:
        time.sleep(0.01)
