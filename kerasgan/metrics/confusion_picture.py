"""The picture of which classes are taken for which others."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kerasgan.errors import UserError
from kerasgan.files.figure_file import save_figure
from kerasgan.metrics.confusion import Confusion
from kerasgan.version import signature

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL = 0.55  # Inches.
_MARGIN = 2.0
_LONGEST_NAME = 24
# Beyond it, numbers in the cells would not be readable.
_MOST_NUMBERED = 30


def draw_confusions(confusions: Mapping[str, Confusion], path: str | Path) -> None:
    """Draws confusions as a PNG file, one beneath the other.

    A row is a true class, and its cells are the percentages of its images that were taken for
    the class of each column, so that each row adds up to 100.

    Args:
        confusions: At least one, by what to call it, such as its label set.
        path: The file, which is replaced.

    Raises:
        UserError: matplotlib, of the extra `metrics`, is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError(
            "Confusion pictures need matplotlib: pip install 'kerasgan[metrics]'"
        ) from None
    sides = [_CELL * len(each.class_names) + _MARGIN for each in confusions.values()]
    figure = Figure(figsize=(max(sides), sum(sides)), layout="constrained")
    rows = figure.subplots(len(sides), 1, squeeze=False, height_ratios=sides)[:, 0]
    for axes, (title, confusion) in zip(rows, confusions.items(), strict=True):
        _draw(axes, title, confusion)
    save_figure(figure, path, software=signature())


def _draw(axes: "Axes", title: str, confusion: Confusion) -> None:
    percentages = 100 * confusion.rates
    axes.imshow(percentages, cmap="Blues", vmin=0, vmax=100)
    names = [each.replace("_", " ")[:_LONGEST_NAME] for each in confusion.class_names]
    of_class = confusion.counts.sum(axis=1)
    places = range(len(names))
    rows = [f"{name} ({count:,})" for name, count in zip(names, of_class, strict=True)]
    axes.set_yticks(places, rows)
    axes.set_xticks(places, names, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_ylabel("true (images)")
    axes.set_xlabel("predicted")
    axes.set_title(f"{title}: {100 * confusion.accuracy:.1f} % right")
    if len(names) > _MOST_NUMBERED:
        return
    for row in places:
        for column in places if of_class[row] else ():
            value = percentages[row, column]
            colour = "white" if value > 50 else "black"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour, size=8)
