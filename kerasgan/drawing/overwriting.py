"""The mark by which kerasgan knows its own files, and which files may be overwritten."""

import itertools
import json
import os
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from kerasgan.errors import UserError
from kerasgan.files.new_folder import check_new_folder, files_below
from kerasgan.files.regular_file import open_regular
from kerasgan.files.user_path import user_path
from kerasgan.version import SIGNATURE_START, signature

# The keyword of a PNG's text chunk, and the tag of Exif and TIFF with the same meaning.
KEYWORD = "Software"
TAG = ExifTags.Base.Software

# Unlike `Image.open`, these classes accept pictures of any size, and only WebP's decodes more than
# the header.
_READERS = {
    b"\x89PNG": PngImageFile,
    b"\xff\xd8\xff": JpegImageFile,
    b"GIF8": GifImageFile,
    b"RIFF": WebPImageFile,
    b"II*\0": TiffImageFile,
    b"MM\0*": TiffImageFile,
    b"II+\0": TiffImageFile,
}
_DEEP_ZOOM_END = 200
# What libvips writes into the folder of a Deep Zoom picture.
_TILE = re.compile(r"\d+/\d+_\d+\.png|vips-properties\.xml")


def exif() -> Image.Exif:
    """Returns Exif data that hold the signature alone."""
    data = Image.Exif()
    data[TAG] = signature()
    return data


def deep_zoom_comment() -> str:
    """Returns the comment that ends a `.dzi`, which is XML and has no place for such a text."""
    return f"<!-- {signature()} -->\n"


def is_signed(path: str | Path) -> bool:
    """Tells whether a file says that kerasgan wrote it.

    PNG, JPEG, TIFF, WebP and GIF files and Deep Zoom descriptions can say so; `.mp4` and `.npy`
    files have no place for it.
    """
    try:
        with open_regular(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return any(text.startswith(SIGNATURE_START) for text in _texts(file))
    except Exception:  # Pillow raises nearly anything on a damaged file, which is not ours
        return False


def check_overwrite(path: str | Path, *, force: bool = False) -> Path:
    """Returns a path that a file may be written to.

    Either nothing is there yet, or a file that says that kerasgan wrote it, or, with `force`, any
    file. The folder of tiles beside a Deep Zoom picture must hold nothing but tiles, even with
    `force`.

    Raises:
        UserError: Another file or a folder is there.
    """
    path = user_path(path)
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file; choose another name")
    if os.path.lexists(path) and not force and not is_signed(path):
        raise UserError(
            f"{path} exists and does not say that kerasgan wrote it; choose another name, or pass "
            "force=True to replace it"
        )
    if path.suffix.lower() == ".dzi":
        tiles = check_tiles(path)
        if not force and not path.exists() and files_below(tiles):
            raise UserError(
                f"{tiles} has the tiles of another picture; choose another name, or pass "
                "force=True to replace them"
            )
    return path


def check_tiles(path: Path) -> Path:
    """Returns the folder of tiles of a `.dzi`.

    Raises:
        UserError: The folder exists and holds something other than tiles.
    """
    return check_new_folder(
        path.with_name(f"{path.stem}_files"),
        replaceable=lambda folder: [name for name in files_below(folder) if _TILE.fullmatch(name)],
    )


def signed_text(path: str | Path, keyword: str) -> str | None:
    """Returns a text that a PNG says, or `None` if it does not or kerasgan did not write it."""
    try:
        with open_regular(path) as file, PngImageFile(file) as picture:
            is_ours = str(picture.info.get(KEYWORD)).startswith(SIGNATURE_START)
            return picture.info.get(keyword) if is_ours else None
    except Exception:  # as in `is_signed`
        return None


def free_name(path: str | Path, *, replaceable: Callable[[Path], bool] | None = None) -> Path:
    """Returns `path`, or, where that exists, the first of `path-2`, `path-3`, ... that does not.

    Args:
        path: The file or folder.
        replaceable: Tells which files count as if they did not exist; by default none does.

    Example:
    >>> free_name("samples.png")  # in a folder that has samples.png
    PosixPath('samples-2.png')
    """
    return next(
        name
        for name in _numbered_names(user_path(path))
        if not os.path.lexists(name) or (replaceable is not None and replaceable(name))
    )


def move_to_free_name(made: Path, path: Path) -> Path:
    """Moves a file or folder to the first of `path`, `path-2`, ... that does not exist.

    Several processes that move something there at the same moment take different names.

    Args:
        made: The file or folder, on the same disk.
        path: The name to take.

    Returns:
        The name that it has now.

    Raises:
        UserError: The folder of `path` cannot be written to.
    """
    for name in _numbered_names(path):
        try:
            _move_to_new(made, name)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(f"Cannot write {path}: {error.strerror or error}") from None
        return name
    raise AssertionError("there is always another number")


def _move_to_new(made: Path, name: Path) -> None:
    """Renames a file or folder; raises FileExistsError where something has the name."""
    if os.name == "nt":
        made.rename(name)
        return
    # Elsewhere a rename replaces what is there, but of several processes one alone makes a name.
    name.mkdir() if made.is_dir() else name.touch(exist_ok=False)
    made.replace(name)


def _numbered_names(path: Path) -> Iterator[Path]:
    yield path
    for number in itertools.count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def _texts(file: BinaryIO) -> list[str]:
    """Returns the texts of a file in which the signature may be."""
    beginning = file.read(4)
    reader = next(
        (reader for magic, reader in _READERS.items() if beginning.startswith(magic)), None
    )
    if reader is None:
        size = file.seek(0, 2)
        file.seek(max(0, size - _DEEP_ZOOM_END))
        _, opened, comment = file.read().decode(errors="replace").rpartition("<!-- ")
        return [comment] if opened else []
    file.seek(0)
    with reader(file) as picture:
        if reader is PngImageFile:
            return [str(picture.info.get(KEYWORD, ""))]
        exif = picture.getexif()
        texts = [exif.get(TAG), exif.get(ExifTags.Base.ImageDescription)]
        texts.append(picture.info.get("comment"))
    return [part for text in texts if text for part in _parts(text)]


def _parts(text: str | bytes) -> list[str]:
    """Returns a text, and the software that it names if it is JSON, as in animations."""
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    try:
        return [text, str(json.loads(text)[KEYWORD])]
    except (ValueError, TypeError, KeyError):
        return [text]
