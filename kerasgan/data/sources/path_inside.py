"""Paths of images that a table gives."""

import os
import posixpath
from typing import Any

from kerasgan.errors import UserError


def path_inside(path: Any, table: str, where: str, column: str = "file_name") -> str:
    """Returns the name in a folder or zip of an image that a table in it gives the path of.

    Args:
        path: What the table says.
        table: The name of the table in the folder, from whose place the path leads; "" for a path
            that leads from the folder itself.
        where: The table and line, for messages.
        column: What the table calls it, for messages.

    Raises:
        UserError: It is no path, or it leads out of the folder.
    """
    if not isinstance(path, str) or not path.strip() or not _is_name(path):
        raise UserError(
            f"{where} needs a {column}, the path of an image. Received: {_shortened(path)}"
        )
    # Tables written on Windows have backslashes.
    slashed = path.strip().replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(table), slashed))
    if slashed.startswith("/") or slashed[1:2] == ":" or joined.split("/")[0] == "..":
        raise UserError(
            f"{where}: {column} must stay inside the folder. Received: {_shortened(path)}"
        )
    return joined


def _is_name(path: str) -> bool:
    """Tells whether a path can be asked of the system, which knows neither NUL nor all of JSON."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _shortened(value: Any) -> str:
    return repr(value)[:80]
