"""A look at each class of a prepared data set."""

import re
from pathlib import Path

from kerasgan.drawing import grid, save_picture
from kerasgan.wikiart.stats import Stats, decoded


def save_contact_sheets(stats: Stats, folder: str | Path) -> list[Path]:
    """Writes a grid of paintings of each genre and style, and returns the files.

    They are called `genre-{name}.png` and `style-{name}.png`, with `_` for what some file systems
    do not take.

    Raises:
        UserError: They cannot be written.
    """
    return [
        save_picture(grid(decoded(images)), Path(folder) / f"{what}-{_file_name(name)}.png")
        for (what, name), images in sorted(stats.samples.items())
    ]


def _file_name(name: str) -> str:
    return re.sub(r"[^\w() -]", "_", name)
