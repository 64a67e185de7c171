"""A look at each class of a prepared data set."""

import re
from pathlib import Path

from kerasgan.drawing import grid, save_picture
from kerasgan.drawing.overwriting import check_overwrite
from kerasgan.wikiart.preparer.stats import Stats, decoded


def save_contact_sheets(stats: Stats, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Writes a grid of paintings of each genre and style, and returns the files.

    They are called `genre-{name}.png` and `style-{name}.png`, with `_` for what some file systems
    do not take.

    Raises:
        UserError: They cannot be written; a file of such a name is there that kerasgan did not
            write, and `force` is not given.
    """
    sheets = {
        Path(folder) / f"{what}-{_file_name(name)}.png": images
        for (what, name), images in sorted(stats.samples.items())
    }
    for path in sheets:
        check_overwrite(path, force=force)
    return [save_picture(grid(decoded(images)), path) for path, images in sheets.items()]


def _file_name(name: str) -> str:
    return re.sub(r"[^\w() -]", "_", name)
