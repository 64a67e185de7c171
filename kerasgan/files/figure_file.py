"""Writing figures of matplotlib."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasgan.files.atomic import atomic_path
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_figure(figure: "Figure", path: str | Path, *, software: str = "kerasgan") -> None:
    """Writes a figure as a PNG file, completely or not at all.

    Args:
        figure: The figure.
        path: The file.
        software: What the file says that it was written by.

    Raises:
        UserError: See `atomic_path`.
    """
    with atomic_path(user_path(path)) as temporary:
        figure.savefig(temporary, dpi=100, format="png", metadata={"Software": software})
