"""What an export may replace."""

from collections.abc import Collection
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.new_folder import files_below
from kerasgan.zoo.checksums import CHECKSUMS, recorded_checksums, sha256
from kerasgan.zoo.description import METRICS

# Checksums are published with many things; those of an entry list these.
_OF_AN_ENTRY = {"recipe.toml", "saved_model.pb", METRICS}


def replaceable_files(folder: Path, *, kept: Collection[str], force: bool) -> set[str]:
    """Returns the files of a folder that are not lost when an entry takes its place.

    These are the ones that the new entry takes over, and, if the folder is a zoo entry, those
    that its checksums list, as they were exported.

    Args:
        folder: Any folder.
        kept: Files in it that the new entry takes over, by their names with slashes.
        force: Whether listed files may be others than those that were exported.

    Raises:
        UserError: A listed file was changed since.
    """
    present = files_below(folder)
    taken_over = {*kept}
    try:
        recorded = recorded_checksums(folder)
    except UserError:
        return taken_over
    if not recorded.keys() >= _OF_AN_ENTRY:
        return taken_over
    for name in present:
        if name in recorded and name not in taken_over and not force:
            _check_unchanged(folder / name, recorded[name])
    return {*taken_over, *recorded, CHECKSUMS}


def _check_unchanged(path: Path, checksum: str) -> None:
    try:
        unchanged = sha256(path) == checksum
    except OSError:
        unchanged = False
    if not unchanged:
        raise UserError(
            f"{path} was changed since it was exported, and the change would be lost: give another "
            "folder, or --force to replace it"
        )
