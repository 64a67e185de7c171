"""The pictures of a comparison: curves, and a sheet of samples of each contestant."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from kerasgan.files.atomic import atomic_path
from kerasgan.files.figure_file import save_figure

_LEAST_WIDTH = 480


def draw_curves(curves: Mapping[str, Sequence[Sequence[tuple[float, float]]]], path: Path) -> bool:
    """Draws the Fréchet distance of runs against their minutes, as a PNG file.

    Args:
        curves: The curves of each contestant by its name: pairs of minutes and of the distance in
            times its floor.
        path: The file, which is replaced.

    Returns:
        Whether there was anything to draw.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogFormatter

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for number, (name, runs) in enumerate(curves.items()):
        for run, points in enumerate(each for each in runs if each):
            label = None if run else name
            axes.plot(*zip(*points, strict=True), ".-", color=f"C{number}", lw=1, label=label)
    if not axes.get_lines():
        return False
    axes.set_yscale("log")
    for formatted in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
        formatted(LogFormatter(labelOnlyBase=False, minor_thresholds=(2, 0.5)))
    axes.set_xlabel("minutes of two cores")
    axes.set_ylabel("Fréchet distance, times the floor")
    axes.grid(alpha=0.3, which="both")
    axes.legend(fontsize="small")
    save_figure(figure, path)
    return True


def minutes_of(outcome: dict[str, Any], line: dict[str, float]) -> float:
    """Returns when a line of a curve was measured, in minutes of two cores."""
    return line["iteration"] * outcome["cost"]["seconds"] / 60


def copy_sheet(samples: Path, path: Path) -> bool:
    """Copies the newest sample grid of a run as a JPEG, small pictures enlarged.

    Args:
        samples: The folder of the grids.
        path: The file, which is replaced.

    Returns:
        Whether there was a grid.
    """
    grids = sorted(samples.glob("*.png"), key=lambda file: int(file.stem))
    if not grids:
        return False
    with Image.open(grids[-1]) as picture:
        times = -(-_LEAST_WIDTH // picture.width)
        size = (times * picture.width, times * picture.height)
        picture = picture.convert("RGB").resize(size, Image.Resampling.NEAREST)
    with atomic_path(path) as temporary:
        picture.save(temporary, "JPEG", quality=88)
    return True
