"""How Keras's callbacks work with a model that has several optimizers and losses."""

import contextlib
import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import keras

# They look for a model's only optimizer.
_UNSUITED = ("LearningRateScheduler", "ReduceLROnPlateau", "SwapEMAWeights")


def suited_callbacks(
    callbacks: Any, metrics: Collection[str]
) -> list[keras.callbacks.Callback] | keras.callbacks.CallbackList:
    """Returns the callbacks of `fit`, made to work with the metrics of this model.

    A callback that monitors a metric, such as `EarlyStopping`, does not see the metric before it
    has its first value: NaN would be kept as the best value, which nothing can improve. With
    `mode="auto"` it takes accuracies to be better the higher they are, and all other metrics to be
    better the lower they are. Of metrics that another callback adds, its `modes` say which way is
    better.

    Args:
        callbacks: What `fit` was given: a callback, a list of them, or a `CallbackList`.
        metrics: The names of the model's metrics.

    Raises:
        ValueError: A callback looks for a model's only optimizer.
    """
    suited = []
    modes = {}
    for callback in _each(callbacks):
        modes |= getattr(callback, "modes", {})
    for callback in _each(callbacks):
        if isinstance(callback, _HideUntilFirstValue | _ShowAgain):
            continue  # Of the same `CallbackList` in an earlier `fit`.
        _check(callback)
        name = str(getattr(callback, "monitor", ""))
        if name in modes and getattr(callback, "mode", None) == "auto":
            callback.mode = modes[name]
        if name.removeprefix("val_") not in metrics:
            suited.append(callback)
            continue
        if getattr(callback, "mode", None) == "auto":
            callback.mode = "max" if name.endswith("accuracy") else "min"
        hide = _HideUntilFirstValue(name)
        suited += [hide, callback, _ShowAgain(hide)]
    if not isinstance(callbacks, keras.callbacks.CallbackList):
        return suited
    callbacks.callbacks = suited
    return callbacks


@contextlib.contextmanager
def released(callbacks: Any) -> Iterator[None]:
    """Calls `release` of those callbacks that have it, after an error too.

    Keras does not call `on_train_end` after an error, and a callback may hold something of the
    process, such as the handlers of its signals.
    """
    try:
        yield
    finally:
        for callback in _each(callbacks):
            if callable(release := getattr(callback, "release", None)):
                release()


def _each(callbacks: Any) -> Sequence[Any]:
    listed = getattr(callbacks, "callbacks", callbacks) or ()
    return listed if isinstance(listed, list | tuple) else [listed]


class _HideUntilFirstValue(keras.callbacks.Callback):
    """Takes a metric out of the logs of the next callback until it has its first value."""

    def __init__(self, metric: str) -> None:
        super().__init__()
        self.metric = metric
        self.hidden: dict[str, Any] = {}
        self.had_value = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.had_value = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is None or self.metric not in logs:
            return
        self.had_value |= not math.isnan(logs[self.metric])
        if not self.had_value:
            self.hidden[self.metric] = logs.pop(self.metric)


class _ShowAgain(keras.callbacks.Callback):
    """Puts back what was hidden, for the callbacks that follow."""

    def __init__(self, hide: _HideUntilFirstValue) -> None:
        super().__init__()
        self.hidden = hide.hidden

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if logs is not None:
            logs.update(self.hidden)
        self.hidden.clear()


def _check(callback: keras.callbacks.Callback) -> None:
    for kind in type(callback).__mro__:
        if kind.__module__.startswith("keras") and kind.__name__ in _UNSUITED:
            raise ValueError(
                f"{kind.__name__} looks for a model's only optimizer, and this one has several: "
                "give each a schedule of keras.optimizers.schedules in compile, and ema_decay to "
                f"the model for an average. Received: {type(callback).__name__}"
            )
