"""The share of batches on which a discriminator could move, over a training."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.files.figure_file import save_figure

_GATE = "gate_open"
_POINTS = 500


def draw_gate_curve(log: Sequence[Mapping[str, Any]], path: str | Path) -> bool:
    """Draws `gate_open` of a run's log and the players' losses against iterations, as a PNG file.

    Each point is the share of the batches since the last line of the log on which the gate of a
    `kerasgan.models.HandicapSchedule` was open; the mean of several lines where there are many.

    Args:
        log: Lines with `iteration` and `gate_open`, oldest first.
        path: The file, which is replaced.

    Returns:
        Whether there was anything to draw: a gate that ever shut.

    Raises:
        UserError: matplotlib, of the extra `metrics`, is missing.
    """
    gated = [line for line in log if _GATE in line]
    if all(line[_GATE] == 1.0 for line in gated):
        return False
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError("Gate curves need matplotlib: pip install 'kerasgan[metrics]'") from None
    width = -(-len(gated) // _POINTS)
    parts = [gated[first : first + width] for first in range(0, len(gated), width)]
    iterations = [part[-1]["iteration"] for part in parts]

    def means(name: str) -> list[float]:
        values = [[line[name] for line in part if name in line] for part in parts]
        return [sum(each) / len(each) if each else float("nan") for each in values]

    figure = Figure(figsize=(8, 4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 3))
    above.fill_between(iterations, means(_GATE), step="pre", alpha=0.6)
    above.set_ylim(0, 1)
    above.set_ylabel("gate open")
    for name in ("generator_loss", "discriminator_loss"):
        below.plot(iterations, means(name), lw=1, label=name)
    below.set_ylabel("loss")
    below.set_xlabel("iterations")
    below.legend(fontsize="small")
    save_figure(figure, path)
    return True
