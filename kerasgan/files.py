"""Files that are either whole or not there."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kerasgan.errors import UserError


@contextlib.contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Gives a temporary path beside `path` to write to, and renames it to `path` at the end.

    The temporary file has the same endings, and is removed if the block fails.

    Raises:
        UserError: The folder cannot be made or written to, or the disk is full.
    """
    path = Path(path)
    name = path.name.partition(".")
    temporary = path.with_name(f"{name[0]}-{os.getpid()}-partial.{name[2]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_write(path: str | Path) -> Iterator[IO[bytes]]:
    """Opens `path` for writing bytes; what stood there stays until all is written.

    Raises:
        UserError: As `atomic_path`.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        yield file


def write_text(path: str | Path, text: str) -> None:
    """Writes a UTF-8 text file whole or not at all.

    Raises:
        UserError: As `atomic_path`.
    """
    with atomic_write(path) as file:
        file.write(text.encode("utf-8"))


def check_writable(folder: str | Path) -> Path:
    """Makes a folder if need be, proves that files can be written there, and returns it.

    Raises:
        UserError: It is no folder or not writable.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"Cannot write to the folder {folder}: {error.strerror}") from None
    return folder
