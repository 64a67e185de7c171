"""Writing files completely or not at all."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kerasgan.errors import UserError

# Bytes of a temporary file's stem and of its extensions: systems allow names of 255 bytes.
_LONGEST = 80
_PARTIAL = re.compile(r"-\d{12}-partial(\.|$)")

# Windows replaces no file that another program has open, and most let go of it soon.
_PATIENCE = 2.0 if os.name == "nt" else 0.0


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yields a temporary path beside `path` to write to, and renames it to `path` at the end.

    The temporary file has the same last two extensions and a name of its own, and is removed if the
    block fails.

    Raises:
        UserError: The folder cannot be created or written to, or the disk is full. Errors of the
            block that name another file are raised as they are.
    """
    path = Path(path)
    # What a link points to is replaced, and the link stays.
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    temporary = path.with_name(_temporary_name(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush(temporary)
        with contextlib.suppress(OSError):  # There is none yet, or it is another user's.
            shutil.copymode(path, temporary)
        replace(temporary, path)
    except OSError as error:
        if not _concerns(error, temporary, path):
            raise
        raise UserError(f"Cannot write {path}: {_reason(error, path.parent)}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def replace(source: Path, target: Path, *, patience: float = _PATIENCE) -> None:
    """Renames a file to `target`, which is replaced if it is there.

    Args:
        source: The file.
        target: Its new path, on the same disk.
        patience: For how many seconds it is tried again if that is not permitted.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            source.replace(target)
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.05)


def name_too(path: Path, other: Path) -> None:
    """Gives a file another name, which is replaced if it is there, besides its own.

    On a disk that gives no file two names it gets the other one in the place of its own.
    """
    temporary = other.with_name(_temporary_name(other))
    try:
        os.link(path, temporary)
        replace(temporary, other)
    except OSError:
        replace(path, other)
    finally:
        # It is still there if both were names of one file already.
        with contextlib.suppress(OSError):
            temporary.unlink()


def _temporary_name(path: Path) -> str:
    suffixes = path.suffixes[-2:]
    stem = path.name.removesuffix("".join(suffixes))
    while len("".join(suffixes).encode()) > _LONGEST:
        suffixes.pop(0)
    short = os.fsencode(stem)[:_LONGEST].decode(errors="ignore")
    # Not the number of the process: processes of two containers or machines may have the same.
    return f"{short}-{secrets.randbelow(10**12):012}-partial{''.join(suffixes)}"


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
    flush_folder(folder)
    rename_folder(folder, target)


def rename_folder(folder: str | Path, target: str | Path) -> None:
    """Renames a folder to `target`, as `publish_folder` does, without flushing its files.

    Raises:
        UserError: The folder cannot be renamed.
    """
    target = Path(target)
    try:
        if target.is_dir():
            target.rmdir()  # Windows cannot rename to an existing folder
        replace(Path(folder), target)
    except OSError as error:
        raise UserError(f"Cannot write {target}: {_reason(error, target.parent)}") from error


def flush_folder(folder: str | Path) -> None:
    """Flushes the files in and below a folder to the disk.

    Raises:
        UserError: The disk is full or fails.
    """
    try:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                _flush(path)
    except OSError as error:
        raise UserError(f"Cannot write {folder}: {_reason(error, Path(folder))}") from error


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
    place = next((place for place in places if os.path.exists(place)), None)  # noqa: PTH110
    if place is None or not place.is_dir():  # A drive that is not there has no place.
        raise UserError(f"Cannot write to the folder {folder}: {_reason(OSError(), folder)}")
    if not os.access(place, os.W_OK | os.X_OK):
        reason = os.strerror(errno.EACCES)
        raise UserError(f"Cannot write to the folder {folder}: {place}: {reason}")


def remove_partial_files(folder: str | Path) -> None:
    """Removes the temporary files of `atomic_path` that killed processes left in or below a folder.

    No other process may be writing there.
    """
    for path in Path(folder).rglob("*-partial*"):
        if is_partial_file(path):
            path.unlink(missing_ok=True)


def is_partial_file(path: Path) -> bool:
    """Tells whether a file has the name of a temporary file of `atomic_path`."""
    return _PARTIAL.search(path.name) is not None


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
