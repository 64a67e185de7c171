"""Checksums of a zoo entry, in the format of `sha256sum`, and what they allow to replace."""

import hashlib
from collections.abc import Collection
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.files.atomic import write_text
from kerasgan.files.new_folder import files_below, is_litter
from kerasgan.files.regular_file import open_regular, read_text
from kerasgan.zoo.entry_files import CARD, CHECKSUMS, METRICS, PROSE, PROSE_PICTURES

# Checksums are published with many things; those of a zoo entry list these files.
_ENTRY_FILES = {"recipe.toml", "saved_model.pb", METRICS}


def check_files(folder: Path, *, parts: Collection[str] = (), is_download: bool = False) -> int:
    """Checks files in the folder of a zoo entry against their checksums; see `zoo.verify`.

    Args:
        folder: The entry's folder.
        parts: Names of the files and folders in the entry that are checked; empty for all of it.
        is_download: Whether the folder is in the cache of `huggingface_hub`. Other programs put
            further files of the repository there, which are not read.

    Returns:
        How many files were checked.

    Raises:
        UserError: A file is damaged, missing or unlisted.
    """
    recorded = {
        name: checksum
        for name, checksum in recorded_files(folder).items()
        if _is_within(name, parts)
    }
    present = {
        name for path in _files(folder) if _is_within(name := _relative(path, folder), parts)
    }
    if missing := sorted(set(recorded) - present):
        raise UserError(f"{folder} is incomplete: {missing[0]} is missing; get the entry again")
    unlisted = sorted(filter(_needs_checksum, present - set(recorded)))
    if unlisted and not is_download:
        advice = "; export the entry again to record it" if _is_prose(unlisted[0]) else ""
        raise UserError(f"{folder} has a file without a checksum: {unlisted[0]}{advice}")
    for name, checksum in recorded.items():
        if _sha256(folder / name) != checksum:
            edited = " or, if you edited it, export it again" if _is_prose(name) else ""
            raise UserError(
                f"{folder / name} is damaged (checksum differs); get the entry again{edited}"
            )
    return len(recorded)


def write_checksums(folder: Path) -> None:
    """Writes the checksums of all files in a folder, but for hidden ones, to its `SHA256SUMS`."""
    files = [path for path in _files(folder) if not _is_hidden(_relative(path, folder))]
    lines = [f"{_sha256(path)}  {_relative(path, folder)}\n" for path in files]
    write_text(folder / CHECKSUMS, "".join(lines))


def recorded_files(folder: Path) -> dict[str, str]:
    """Returns the checksums that an entry lists, by the names of its files, with slashes.

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


def replaceable_files(folder: Path, *, kept: Collection[str], force: bool) -> set[str]:
    """Returns the files of a folder that are not lost when a zoo entry takes its place.

    These are the files that the new entry keeps and, if the folder is a zoo entry, those that its
    checksums list.

    Args:
        folder: Any folder.
        kept: Files in it that the new entry keeps, by their names with slashes.
        force: Whether listed files may have been changed since they were exported.

    Raises:
        UserError: A listed file was changed since it was exported.
    """
    try:
        recorded = recorded_files(folder)
    except UserError:
        return {*kept}
    if not recorded.keys() >= _ENTRY_FILES:
        return {*kept}
    for name in files_below(folder):
        if name in recorded and name not in kept and not force:
            _check_unchanged(folder / name, recorded[name])
    return {*kept, *recorded, CHECKSUMS}


def _check_unchanged(path: Path, checksum: str) -> None:
    try:
        unchanged = _sha256(path) == checksum
    except OSError:
        unchanged = False
    if not unchanged:
        raise UserError(
            f"{path} was changed since it was exported, and the change would be lost: pass "
            "another folder, or pass force=True to replace it"
        )


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != CHECKSUMS)


def _is_within(name: str, parts: Collection[str]) -> bool:
    """Tells whether a file is, or lies in, one of the parts; without parts, every file does."""
    return not parts or any(name == part or name.startswith(f"{part}/") for part in parts)


def _needs_checksum(name: str) -> bool:
    return name != CARD and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or is_litter(part) for part in name.split("/"))


def _is_prose(name: str) -> bool:
    return name == PROSE or name.startswith(f"{PROSE_PICTURES}/")


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _sha256(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
