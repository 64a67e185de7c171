"""The files below a folder."""

import collections
import os
from collections.abc import Iterator
from pathlib import Path

from kerasgan.data.sources.file_names import is_visible
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.errors import UserError
from kerasgan.files.regular_file import open_regular


def folder_tree(root: Path) -> FileTree:
    """Returns the visible files below a folder, also those that links lead to, each once."""
    return FileTree(
        where=str(root),
        names=tuple(sorted(filter(is_visible, _walk(root)))),
        # Another folder may have files of the same names, sizes and times, if it was unpacked from
        # an archive in which all times are alike, for instance.
        identity=lambda names: [
            os.path.realpath(root),
            [[name, *size_and_time(root / name)] for name in names],
        ],
        open=lambda name: open_regular(root / name),
    )


def _walk(root: Path) -> Iterator[str]:
    """Yields the name of every file below `root`, relative to it, with slashes."""
    seen = set()

    def refuse(error: OSError) -> None:
        raise UserError(
            f"{error.filename} cannot be read ({error.strerror}): check its permissions"
        )

    # Links to folders are common in data sets, but one to a parent must not loop forever, and one
    # to a folder beside it must not take its place: links are followed after all else.
    beginnings = collections.deque([str(root)])
    while beginnings:
        for folder, subfolders, files in os.walk(beginnings.popleft(), onerror=refuse):
            real = os.path.realpath(folder)
            if real in seen:
                subfolders.clear()
                continue
            seen.add(real)
            subfolders[:] = sorted(filter(is_visible, subfolders))
            paths = [os.path.join(folder, subfolder) for subfolder in subfolders]  # noqa: PTH118
            beginnings += [path for path in paths if os.path.islink(path)]  # noqa: PTH114
            for file in files:
                yield (Path(folder) / file).relative_to(root).as_posix()


def size_and_time(path: Path) -> tuple[int, int] | tuple[None, None]:
    """Returns what changes whenever a file changes, or nothing of a file that is not there."""
    try:
        stat = path.stat()
    # The file of a dangling link, or of a name in a table, does not exist: opening it raises the
    # error, and the file is skipped like a corrupt one.
    except (OSError, ValueError):
        return None, None
    return stat.st_size, stat.st_mtime_ns
