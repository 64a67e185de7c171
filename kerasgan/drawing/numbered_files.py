"""A folder of a PNG for each picture, called by their numbers."""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.signature import is_signed
from kerasgan.errors import UserError
from kerasgan.files import check_writable, publish_folder

_NUMBERED = re.compile(r"\d+\.png", re.IGNORECASE)


def check_numbered_folder(folder: str | Path, *, force: bool = False) -> Path:
    """Returns a folder that numbered pictures can be written to.

    Raises:
        UserError: It is a file, has numbered pictures already and is not forced, or is in a place
            that cannot be written to.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file, not a folder; give another")
    present = _numbered(folder)
    if present and not force:
        raise UserError(
            f"The folder {folder} has pictures already ({present[0].name}); give another, or "
            "--force to replace them"
        )
    check_writable(folder if folder.is_dir() else folder.parent)
    return folder


def save_numbered(
    pictures: Iterable[DrawnPicture], count: int, folder: str | Path, *, force: bool = False
) -> Path:
    """Writes pictures as `0.png`, `1.png` and so on, all of them or none.

    The numbers are as long as the last one. Of the pictures that were there, when forced, those
    that kerasgan wrote are removed, so that two series never mix.

    Args:
        pictures: The pictures, which need not fit in memory together.
        count: How many they are.
        folder: Where to; see `check_numbered_folder`.
        force: See there.

    Raises:
        UserError: As `check_numbered_folder`; the folder cannot be written.
    """
    folder = check_numbered_folder(folder, force=force)
    digits = len(str(count - 1))
    # Inside, where there is a folder, for that may be a disk of its own.
    place = folder if folder.is_dir() else folder.parent
    try:
        with tempfile.TemporaryDirectory(prefix=".pictures-", dir=place) as workplace:
            drawn = Path(workplace) / "new"
            drawn.mkdir()
            for index, picture in enumerate(pictures):
                _save(picture, drawn / f"{index:0{digits}d}.png", folder)
            check_numbered_folder(folder, force=force)
            if folder.is_dir():
                _replace(folder, drawn)
            else:
                publish_folder(drawn, folder)
    except OSError as error:
        raise UserError(f"Cannot write the folder {folder}: {error.strerror or error}") from None
    return folder


def _save(picture: DrawnPicture, path: Path, folder: Path) -> None:
    try:
        picture.save(path)
    except UserError as error:
        raise UserError(str(error).replace(str(path.parent), str(folder))) from None


def _replace(folder: Path, drawn: Path) -> None:
    """Moves what was drawn into a folder, in the place of what was drawn there before."""
    for path in filter(is_signed, _numbered(folder)):
        path.unlink()
    for path in sorted(drawn.iterdir()):
        path.replace(folder / path.name)


def _numbered(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NUMBERED.fullmatch(path.name))
