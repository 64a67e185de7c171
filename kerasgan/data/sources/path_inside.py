"""Paths of images in tables."""

import os
import posixpath
from typing import Any

from kerasgan.errors import UserError
from kerasgan.shortened import shortened


def path_inside(path: Any, table: str, where: str, column: str = "file_name") -> str:
    """Returns the name of an image, relative to its folder or zip, from its path in a table.

    Args:
        path: The value in the table.
        table: The name of the table, which the path is relative to; "" if the path is relative to
            the folder itself.
        where: The table and line, for messages.
        column: The name of the column, for messages.

    Raises:
        UserError: The value is not a path, or leads out of the folder.
    """
    if not isinstance(path, str) or not path.strip() or not _is_name(path):
        raise UserError(
            f"{where} needs a {column}, the path of an image. Received: {shortened(repr(path))}"
        )
    # Tables written on Windows have backslashes.
    slashed = path.strip().replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(table), slashed))
    if slashed.startswith("/") or slashed[1:2] == ":" or joined.split("/")[0] == "..":
        raise UserError(
            f"{where}: {column} must stay inside the folder. Received: {shortened(repr(path))}"
        )
    return joined


def _is_name(path: str) -> bool:
    """Tells whether the file system can have such a name; JSON allows NUL and half characters."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
