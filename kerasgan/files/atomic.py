"""Writing files completely or not at all."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kerasgan.errors import UserError

# Of a temporary file: systems allow names of 255 bytes, and a letter can have 4.
_LONGEST_STEM = 40


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yields a temporary path beside `path` to write to, and renames it to `path` at the end.

    The temporary file has the same extensions and a name of its own, and is removed if the block
    fails.

    Raises:
        UserError: The folder cannot be created or written to, or the disk is full. Errors of the
            block about other files are raised as they are.
    """
    path = Path(path)
    # What a link points to is replaced, and the link stays.
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    stem, _, extensions = path.name.partition(".")
    # Not the number of the process: processes of two containers or machines may have the same.
    number = secrets.randbelow(10**12)
    temporary = path.with_name(f"{stem[:_LONGEST_STEM]}-{number}-partial.{extensions}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush(temporary)
        with contextlib.suppress(OSError):  # There is none yet, or it is another user's.
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except OSError as error:
        if not _concerns(error, temporary, path):
            raise
        raise UserError(f"Cannot write {path}: {_reason(error, path.parent)}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def atomic_write(path: str | Path) -> Iterator[IO[bytes]]:
    """Opens `path` for writing bytes; an existing file is replaced when all is written.

    Raises:
        UserError: See `atomic_path`.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        yield file


def write_text(path: str | Path, text: str) -> None:
    """Writes a UTF-8 text file completely or not at all.

    Raises:
        UserError: See `atomic_path`.
    """
    with atomic_write(path) as file:
        file.write(text.encode("utf-8"))


def publish_folder(folder: str | Path, target: str | Path) -> None:
    """Renames a folder of files to `target`, which must not exist or be an empty folder.

    Its files are flushed to the disk before, so that not even a power failure leaves empty ones.
    Both paths must be on the same disk.

    Raises:
        UserError: The folder cannot be renamed.
    """
    target = Path(target)
    for path in Path(folder).rglob("*"):
        if path.is_file():
            _flush(path)
    try:
        if target.is_dir():
            target.rmdir()  # Windows cannot rename to an existing folder
        Path(folder).replace(target)
    except OSError as error:
        raise UserError(f"Cannot write {target}: {_reason(error, target.parent)}") from error


def check_writable(folder: str | Path) -> Path:
    """Creates a folder if necessary, checks that files can be written there, and returns it.

    Raises:
        UserError: It is not a folder, or not writable.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = _reason(error, folder)
        raise UserError(f"Cannot write to the folder {folder}: {reason}") from None
    return folder


def check_could_be_made(folder: str | Path) -> None:
    """Checks that a folder is writable or could be created, without creating it.

    Raises:
        UserError: It is not a folder, not writable, or could not be created.
    """
    folder = Path(folder)
    places = (folder, *folder.absolute().parents)
    place = next(place for place in places if os.path.exists(place))  # noqa: PTH110
    if not place.is_dir():
        raise UserError(f"Cannot write to the folder {folder}: {_reason(OSError(), folder)}")
    if not os.access(place, os.W_OK | os.X_OK):
        reason = os.strerror(errno.EACCES)
        raise UserError(f"Cannot write to the folder {folder}: {place}: {reason}")


def remove_partial_files(folder: str | Path) -> None:
    """Removes the temporary files of `atomic_path` that killed processes left in or below a folder.

    No other process may be writing there.
    """
    for path in Path(folder).rglob("*-partial.*"):
        if is_partial_file(path):
            path.unlink(missing_ok=True)


def is_partial_file(path: Path) -> bool:
    """Tells whether a file has the name of a temporary file of `atomic_path`."""
    return re.search(r"-\d+-partial\.", path.name) is not None


def _flush(path: Path) -> None:
    # Windows flushes only what is open for writing.
    with path.open("rb+" if os.name == "nt" else "rb") as written:
        os.fsync(written.fileno())


def _concerns(error: OSError, temporary: Path, path: Path) -> bool:
    """Tells whether an error is about the file that is written, and not about another file."""
    if not isinstance(error.filename, str | bytes):
        return True
    named = Path(os.fsdecode(error.filename)).absolute()
    target = path.absolute()
    return named in (temporary.absolute(), target, *target.parents)


def _reason(error: OSError, folder: Path) -> str:
    """Returns why a folder cannot be written to; HDF5's own messages fill a page."""
    for place in (folder, *folder.parents):
        # `Path.exists` raises an error where a folder above may not be searched.
        if os.path.exists(place) and not os.path.isdir(place):  # noqa: PTH110, PTH112
            return f"{place} is a file, not a folder"
    return os.strerror(error.errno) if error.errno else str(error)
