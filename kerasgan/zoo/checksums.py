"""Checksums of a zoo entry, in the format of `sha256sum`."""

import hashlib
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.files import write_text
from kerasgan.regular_file import open_regular, read_text
from kerasgan.zoo.entries import find

CHECKSUMS = "SHA256SUMS"


def verify(name_or_folder: str | Path) -> int:
    """Checks every file of a zoo entry against its checksum.

    Returns:
        How many files were checked.

    Raises:
        UserError: There is no such entry, or a file of it is damaged, missing or unlisted.
    """
    folder = find(name_or_folder)
    recorded = recorded_checksums(folder)
    present = {_relative(path, folder) for path in _files(folder)}
    if missing := sorted(set(recorded) - present):
        raise UserError(f"{folder} is incomplete: {missing[0]} is missing; get the entry again")
    if unlisted := sorted(present - set(recorded)):
        raise UserError(f"{folder} has a file without a checksum: {unlisted[0]}")
    for name, checksum in recorded.items():
        if sha256(folder / name) != checksum:
            raise UserError(f"{folder / name} is damaged (checksum differs); get the entry again")
    return len(recorded)


def write_checksums(folder: Path) -> None:
    """Records the checksums of all files in a folder."""
    lines = [f"{sha256(path)}  {_relative(path, folder)}\n" for path in _files(folder)]
    write_text(folder / CHECKSUMS, "".join(lines))


def recorded_checksums(folder: Path) -> dict[str, str]:
    """Returns the checksums that a folder's list has, by the names of the files.

    Raises:
        UserError: There is no list, or it is damaged.
    """
    try:
        lines = read_text(folder / CHECKSUMS).splitlines()
        return {name: checksum for checksum, name in (line.split("  ", 1) for line in lines)}
    except FileNotFoundError:
        raise UserError(f"{folder} has no {CHECKSUMS}; get the entry again") from None
    except (OSError, ValueError):
        raise UserError(f"{folder / CHECKSUMS} is damaged; get the entry again") from None


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != CHECKSUMS)


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def sha256(path: Path) -> str:
    """Returns the checksum of a file, in hexadecimal."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
