"""A bar whose estimate leaves out the first iteration."""

from typing import Any

from tqdm import tqdm


class SteadyBar(tqdm):
    """A bar whose rate, and so its time left, leaves out the first iteration.

    In that one Keras traces and compiles the step, which takes many times as long as another. The
    rate is the average of the others, because one batch in n_critic is much slower. The time gone
    by is that of the whole training.
    """

    _first: tuple[int, float] | None = None

    def rate_at(self, iteration: int) -> float:
        """Returns iterations a second up to the end of an iteration, or 0 after the first one."""
        elapsed = super().format_dict["elapsed"]
        if self._first is None:
            if iteration <= self.initial:
                return 0.0
            self._first = iteration, elapsed
        first, before = self._first
        return (iteration - first) / (elapsed - before) if elapsed > before else 0.0

    @property
    def format_dict(self) -> dict[str, Any]:
        """What tqdm formats. A rate of 0 is shown as unknown, and so is the time left."""
        return {**super().format_dict, "rate": self.rate_at(self.n)}
