"""The progress bar of a training."""

import math
from collections.abc import Iterable
from typing import Any

from kerasgan.refreshing import refresh_interval
from kerasgan.training.callbacks.evaluate import DISTANCE, MEASURES
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.steady_bar import SteadyBar

_PREPARING = "preparing the first step"


class ProgressBar(IterationCallback):
    """Shows a bar of iterations on stderr, with the time left, the metrics and images/s.

    The time left and images/s leave out the first iteration, in which the step is compiled; until
    its end the bar says so.
    In a training that is measured, the bar keeps the last Fréchet distance, in times its floor,
    and the smallest one so far.

    Args:
        batch_size: Images in a batch.
        last: Number of the last iteration.
        measured: Earlier distances of a training that is resumed, in times their floor.
    """

    def __init__(
        self,
        *,
        batch_size: int,
        last: int | None = None,
        measured: Iterable[float] = (),
    ) -> None:
        super().__init__(every=1, last=last)
        self.batch_size = batch_size
        self.measured = [value for value in measured if math.isfinite(value)]
        self.bar: SteadyBar | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Shows the bar at the iteration that the training resumes from."""
        self.bar = SteadyBar(
            total=self.last,
            initial=self.gan.iterations_seen,
            unit="it",
            postfix=_PREPARING,
            dynamic_ncols=True,
            mininterval=refresh_interval(),
        )

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Moves the bar."""
        if self.bar is None:
            return
        if math.isfinite(logs.get(DISTANCE, math.nan)):
            self.measured.append(float(logs[DISTANCE]))
        values = {}
        if self.measured:
            values["distance"] = f"{self.measured[-1]:.3g}x (best {min(self.measured):.3g}x)"
        values |= {
            name: f"{float(value):.4g}"
            for name, value in logs.items()
            # NaN: there was no update yet, as of a generator in the critic's pretraining.
            if name != "loss" and name not in MEASURES and not math.isnan(value)
        }
        if rate := self.bar.rate_at(iteration):
            images = rate * self.gan.n_critic * self.batch_size
            values["images/s"] = f"{images:.0f}" if images >= 10.0 else f"{images:.2g}"
        self.bar.set_postfix(values, refresh=False)
        self.bar.update(iteration - self.bar.n)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leaves the last state of the bar on the screen."""
        self.close()

    def close(self) -> None:
        """Ends the line of the bar, if there is one."""
        if self.bar is not None:
            self.bar.close()
