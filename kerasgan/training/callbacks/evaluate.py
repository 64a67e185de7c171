"""Measuring a model while it trains."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasgan.files.atomic import check_writable
from kerasgan.files.user_path import user_path
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.checkpoints import BEST_WEIGHTS, save_weights

if TYPE_CHECKING:
    import keras
    import numpy as np

    from kerasgan.data import ImageSet
    from kerasgan.metrics import Features

COUNT = 500
DISTANCE = "frechet_ratio"
"""The metric that tells most in one number: the Fréchet distance in times its floor."""

FRACTIONS = ("precision", "recall", "coverage")
"""The metrics between 0 and 1, the larger the better."""

_LOGGED = ("frechet_distance", *FRACTIONS)
MEASURES = (*_LOGGED, DISTANCE)
"""The metrics that measuring adds to the logs."""


class Evaluate(IterationCallback):
    """Measures a model against real images at intervals, and keeps its best weights.

    Each time, the model draws `count` pictures from the same latents, and they are compared with
    the same real images, as `kerasgan.metrics.evaluate` does. The logs of that batch
    get `frechet_distance` (the smaller the better), `frechet_ratio` (as a multiple of its floor,
    the distance between two sets of real images), `precision`, `recall` and `coverage` (the larger
    the better).
    So do those of its epoch, if there are several their last: callbacks that come after it, such as
    `keras.callbacks.EarlyStopping("frechet_ratio")`, may monitor them.
    Measuring changes nothing in the training.

    Works with a plain `fit`:

    >>> evaluation = kerasgan.callbacks.Evaluate(images, "run", every=1000)
    >>> gan.fit(dataset, epochs=100, callbacks=[evaluation])
    >>> evaluation.best["frechet_ratio"]
    >>> gan.load_weights("run/best.weights.h5")

    Args:
        images: The real images: an `ImageSet`, or `(n, size, size, channels)`, uint8, or float in
            [0, 1]; at least 100.
        folder: Where `best.weights.h5` is written, the weights with the smallest Fréchet distance
            so far; `None` keeps none.
        every: Iterations between measurements, at least 1.
        count: Pictures compared, at most half of the images.
        features: What pictures are compared by; see `kerasgan.metrics.named_features`.
        seed: Seed of the latents and of the choice of real images.
        history: Earlier measurements of a training that is resumed.
        last: See `IterationCallback`.

    Attributes:
        modes: Which way each of the metrics is better, `"min"` or `"max"`.
        history: A dict for each measurement: `batches` and what was logged.

    Raises:
        UserError: The images are too few or outside [0, 1], or the extra `metrics` is missing; or,
            when the training begins, they are not of the model's size or classes, or the folder is
            not writable.
    """

    modes = {**dict.fromkeys(MEASURES, "min"), **dict.fromkeys(FRACTIONS, "max")}

    def __init__(
        self,
        images: "ImageSet | np.ndarray",
        folder: str | Path | None = None,
        *,
        every: int,
        count: int = COUNT,
        features: "str | keras.Model | Features" = "efficientnet_lite1",
        seed: int = 0,
        history: Iterable[Mapping[str, Any]] = (),
        last: int | None = None,
    ) -> None:
        super().__init__(every=every, last=last)
        from kerasgan.metrics import Reference

        self.seed = seed
        self.folder = None if folder is None else user_path(folder)
        self.history = [dict(line) for line in history]
        self._of_epoch: dict[str, float] = {}
        self.reference = Reference(images, count=count, features=features, seed=seed)

    @property
    def best(self) -> dict[str, Any] | None:
        """The measurement with the smallest Fréchet distance, or `None` before the first."""
        measured = [line for line in self.history if math.isfinite(line["frechet_distance"])]
        return min(measured, key=lambda line: line["frechet_distance"], default=None)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks what it would be late to find out at the first measurement.

        Raises:
            UserError: The images are of another size than the model's or of other classes, or the
                folder is not writable.
        """
        from kerasgan.metrics.measuring import check_comparable

        check_comparable(self.gan, self.reference)
        if self.folder is not None:
            check_writable(self.folder)

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Measures the model, and adds the measures to the logs."""
        self._of_epoch = self.measure()
        logs.update(self._of_epoch)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Forgets the measures of the epoch before, which were of other weights."""
        self._of_epoch = {}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds the last measures of the epoch to its logs."""
        if logs is not None:
            logs.update(self._of_epoch)

    def measure(self) -> dict[str, float]:
        """Measures the model as it stands, and keeps its weights if they are the best so far."""
        from kerasgan.metrics.measuring import draw_fakes

        measures = self.reference.measure(draw_fakes(self.gan, self.reference, seed=self.seed))
        measured = {name: float(measures[name].value) for name in _LOGGED}
        distance = measures["frechet_distance"]
        measured[DISTANCE] = distance.value / distance.floor if distance.floor else math.nan
        previous = self.best
        self.history.append({"batches": self.batches_seen, **measured})
        # NaN is below nothing.
        least = math.inf if previous is None else previous["frechet_distance"]
        if measured["frechet_distance"] < least and self.folder is not None:
            save_weights(self.gan, self.folder / BEST_WEIGHTS)
        return measured
