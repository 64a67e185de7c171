"""Folders that are whole or not there, and that replace nothing of the user's."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.files import check_writable, publish_folder

# Given a folder, returns which of its files, by their names in it with slashes, may go.
Replaceable = Callable[[Path], Collection[str]]


@contextlib.contextmanager
def new_folder(
    target: str | Path,
    *,
    apart_from: Iterable[str | Path] = (),
    replaceable: Replaceable | None = None,
) -> Iterator[Path]:
    """Gives an empty folder beside `target` to fill, and puts it in its place at the end.

    If the block fails, `target` is as it was.

    Args:
        target: The folder to write; see `check_new_folder`.
        apart_from: See there.
        replaceable: See there. It is asked again at the end, before anything is replaced.

    Raises:
        UserError: As `check_new_folder`; the folder cannot be written.
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
        # Something may have been put there meanwhile.
        check_new_folder(target, apart_from=apart_from, replaceable=replaceable)
        replaced = Path(workplace) / "replaced"
        if path.is_dir() and any(path.iterdir()):
            path.rename(replaced)
        try:
            publish_folder(folder, path)
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
    """Returns the absolute path of a folder that may be written, links followed.

    Args:
        target: The folder: there is nothing yet, an empty folder, or one that holds replaceable
            files alone.
        apart_from: Folders and files that are read: the target is none of them, holds none of
            them and lies in none of them.
        replaceable: Returns which files may be replaced; by default none may.

    Raises:
        UserError: It is a file, holds a file that may not be replaced (the message names it), or
            is not apart from what is read.
    """
    path = real_path(target)
    if not path.name:
        raise UserError(f"{target} is no folder that can be written; give another")
    for place in map(real_path, apart_from):
        if path == place or path in place.parents:
            raise UserError(f"{target} holds {place}, which is read; give another folder")
        if place in path.parents:
            raise UserError(f"{target} lies in {place}, which is read; give another folder")
    if not path.is_dir():
        if os.path.lexists(path):
            raise UserError(f"{target} is a file, not a folder; give another")
        return path
    present = files_below(path)
    kept = sorted(set(present) - set(replaceable(path))) if present and replaceable else present
    if kept:
        raise UserError(
            f"{target} is not empty: it has {kept[0]}, which would be lost; give another folder"
        )
    return path


def means_folder(path: str | Path) -> bool:
    """Tells whether a path to write means a folder: it has no ending, or is a folder."""
    return not Path(path).suffix or Path(path).is_dir()


def files_below(folder: Path) -> list[str]:
    """Returns the names of all that is no folder below one, links included, sorted."""
    if not folder.is_dir():
        return []
    found = []
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        found += [(Path(parent) / name).relative_to(folder).as_posix() for name in files + links]
    return sorted(found)


def real_path(path: str | Path) -> Path:
    """Returns an absolute path with the links in it followed, as far as there are any.

    Unlike `Path.resolve` it takes a link that leads to itself for what it is: not there.
    """
    return Path(os.path.realpath(path))
