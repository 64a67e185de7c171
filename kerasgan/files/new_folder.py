"""Writing folders completely or not at all, without replacing files of the user."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable, flush_folder, rename_folder

# What file managers of macOS and Windows leave in folders that were looked at.
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
# Returns the names, relative to a folder and with slashes, of its files that may be replaced.
Replaceable = Callable[[Path], Collection[str]]


@contextlib.contextmanager
def new_folder(
    target: str | Path,
    *,
    apart_from: Iterable[str | Path] = (),
    replaceable: Replaceable | None = None,
) -> Iterator[Path]:
    """Yields an empty folder beside `target` to fill, and renames it to `target` at the end.

    If the block fails, `target` is left as it is.

    Args:
        target: The folder to write; see `check_new_folder`.
        apart_from: Folders and files that are read; see `check_new_folder`.
        replaceable: Returns which files may be replaced; see `check_new_folder`. It is called
            again at the end, before anything is replaced.

    Raises:
        UserError: `check_new_folder` raises it, or the folder cannot be written.
    """
    apart_from = list(apart_from)
    path = check_new_folder(target, apart_from=apart_from, replaceable=replaceable)
    check_writable(path.parent)
    try:
        parent = tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}-", dir=path.parent)
    except OSError as error:
        raise UserError(f"Cannot write {target}: {error.strerror or error}") from None
    with parent as workplace:
        folder = Path(workplace) / "new" / path.name
        folder.mkdir(parents=True)
        yield folder
        # Something may have been written there in the meantime.
        check_new_folder(target, apart_from=apart_from, replaceable=replaceable)
        # Before the old folder goes: then it is away for a moment only.
        flush_folder(folder)
        replaced = Path(workplace) / "replaced"
        try:
            if path.is_dir() and any(path.iterdir()):
                rename_folder(path, replaced)
            rename_folder(folder, path)
        except BaseException:
            if replaced.exists():
                replaced.rename(path)
            raise


def check_new_folder(
    target: str | Path,
    *,
    apart_from: Iterable[str | Path] = (),
    replaceable: Replaceable | None = None,
) -> Path:
    """Checks that a folder may be written, and returns its absolute path with links resolved.

    Args:
        target: The folder: it must not exist, or have only replaceable files.
        apart_from: Folders and files that are read: the target must not be, contain or lie in one
            of them.
        replaceable: Returns which files may be replaced; by default no file may.

    Raises:
        UserError: The target is a file, has a file that may not be replaced (the message names
            it), or is not apart from what is read.
    """
    path = real_path(target)
    if not path.name:
        raise UserError(f"{target} cannot be written as a folder; give another folder")
    for place in map(real_path, apart_from):
        if path == place or path in place.parents:
            raise UserError(f"{target} contains {place}, which is read; give another folder")
        if lies_in(path, place):
            raise UserError(f"{target} lies in {place}, which is read; give another folder")
    if not path.is_dir():
        if os.path.lexists(path):
            raise UserError(f"{target} is a file, not a folder; give another folder")
        return path
    present = files_below(path)
    kept = sorted(set(present) - set(replaceable(path))) if present and replaceable else present
    if kept:
        raise UserError(
            f"{target} is not empty: it has {kept[0]}, which would be lost; give another folder"
        )
    return path


def means_folder(path: str | Path) -> bool:
    """Tells whether an output path is that of a folder: it has no extension, or is a folder."""
    return not Path(path).suffix or Path(path).is_dir()


def files_below(folder: Path) -> list[str]:
    """Returns the names of all files and links below a folder, sorted, but for `is_litter`."""
    if not folder.is_dir():
        return []
    found = []
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        names = [name for name in files + links if not is_litter(name)]
        found += [(Path(parent) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def is_litter(name: str) -> bool:
    """Tells whether a file manager wrote the file of this name, which nobody misses."""
    return name in _LITTER


def lies_in(path: str | Path, folder: str | Path) -> bool:
    """Tells whether a path is below a folder, with all links resolved."""
    return real_path(folder) in real_path(path).parents


def real_path(path: str | Path) -> Path:
    """Returns an absolute path with all links resolved.

    Unlike `Path.resolve`, it does not fail on a link to itself.
    """
    return Path(os.path.realpath(path))
