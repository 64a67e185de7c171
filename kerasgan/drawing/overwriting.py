"""What a drawing may be written over: what kerasgan wrote, and nothing else unasked."""

import itertools
import os
import re
from pathlib import Path

from kerasgan.drawing.signature import is_signed
from kerasgan.errors import UserError
from kerasgan.new_folder import check_new_folder, files_below

# What libvips writes into the folder of a Deep Zoom picture.
_TILE = re.compile(r"\d+/\d+_\d+\.png|vips-properties\.xml")


def check_overwrite(path: str | Path, *, force: bool = False) -> Path:
    """Returns a path that a file may be written to.

    There is nothing yet, a file that says that kerasgan wrote it, or, with `force`, any file. The
    tiles of a Deep Zoom picture, in the folder beside it, must all be tiles, whether forced or not.

    Raises:
        UserError: Another file is there, or a folder.
    """
    path = Path(path)
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file; give another name")
    if os.path.lexists(path) and not force and not is_signed(path):
        raise UserError(
            f"{path} exists and does not say that kerasgan wrote it; give another name, or --force "
            "to replace it"
        )
    if path.suffix.lower() == ".dzi":
        tiles = check_tiles(path)
        if not force and not path.exists() and files_below(tiles):
            raise UserError(
                f"{tiles} has the tiles of another picture; give another name, or --force to "
                "replace them"
            )
    return path


def check_tiles(path: Path) -> Path:
    """Returns the folder of tiles of a `.dzi`.

    Raises:
        UserError: It is there, and holds something other than tiles.
    """
    return check_new_folder(
        path.with_name(f"{path.stem}_files"),
        replaceable=lambda folder: [name for name in files_below(folder) if _TILE.fullmatch(name)],
    )


def free_name(path: str | Path) -> Path:
    """Returns `path`, or, where that is taken, the first of `path-2`, `path-3`, ... that is not.

    Example:
    >>> free_name("samples.png")  # in a folder that has samples.png
    PosixPath('samples-2.png')
    """
    path = Path(path)
    if not os.path.lexists(path):
        return path
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in itertools.count(2))
    return next(name for name in names if not os.path.lexists(name))
