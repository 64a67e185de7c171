"""The learning curve of a run: its measures and losses against hours of training."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.files.figure_file import save_figure
from kerasgan.training.callbacks.evaluate import DISTANCE, FRACTIONS
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder

_POINTS = 500


class LearningCurve(IterationCallback):
    """Draws `progress.png` of a run from its log at intervals, as often as it is measured.

    If it cannot be drawn, a line on stderr says why, and the training continues without it.

    Args:
        run: The run.
        every, last: See `IterationCallback`.
    """

    def __init__(self, run: RunFolder, *, every: int, last: int | None = None) -> None:
        super().__init__(every=every, last=last)
        self.run = run
        self._is_drawable = True

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws the curve."""
        if not self._is_drawable:
            return
        try:
            draw_learning_curve(self.run.log(), self.run.path / "progress.png")
        except UserError as error:
            self._is_drawable = False
            print(f"progress.png is not drawn: {error}", file=sys.stderr)


def draw_learning_curve(log: Sequence[Mapping[str, Any]], path: str | Path) -> bool:
    """Draws the measures and the losses of a run against its hours, as a PNG file.

    Args:
        log: Lines with `seconds`, losses and sometimes measures, oldest first.
        path: The file, which is replaced.

    Returns:
        Whether there was anything to draw.

    Raises:
        UserError: matplotlib, of the extra `metrics`, is missing, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError(
            "Learning curves need matplotlib: pip install 'kerasgan[metrics]'"
        ) from None
    losses = sorted({name for line in log for name in line if name.endswith("_loss")})
    if not losses:
        return False
    figure = Figure(figsize=(8, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    measured = [line for line in log if DISTANCE in line]
    hours = [line["seconds"] / 3600 for line in measured]
    above.plot(hours, [line[DISTANCE] for line in measured], "k.-", label="Fréchet distance")
    above.set_ylabel("times the floor")
    above.set_ylim(bottom=0)
    fractions = above.twinx()
    for name in FRACTIONS:
        fractions.plot(hours, [line.get(name) for line in measured], ".-", lw=1, label=name)
    fractions.set_ylim(0, 1)
    lines = [*above.get_lines(), *fractions.get_lines()]
    above.legend(lines, [line.get_label() for line in lines], **_legend(len(lines)))
    thinned = log[:: max(1, len(log) // _POINTS)]
    for name in losses:
        there = [line for line in thinned if name in line]
        below.plot([x["seconds"] / 3600 for x in there], [x[name] for x in there], lw=1, label=name)
    below.set_xlabel("hours of training")
    below.set_ylabel("loss")
    below.legend(**_legend(len(losses)))
    save_figure(figure, path)
    return True


def _legend(entries: int) -> dict[str, Any]:
    """Returns the options of a legend above its plot, where no curve can be."""
    return {
        "loc": "lower center",
        "bbox_to_anchor": (0.5, 1),
        "ncols": min(entries, 4),
        "frameon": False,
        "fontsize": "small",
    }
