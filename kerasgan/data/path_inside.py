"""Paths of images that a table gives."""

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
    if not isinstance(path, str) or not path.strip():
        raise UserError(
            f"{where} needs a {column}, the path of an image. Received: {_shortened(path)}"
        )
    # Tables written on Windows have backslashes.
    slashed = path.strip().replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(table), slashed))
    is_absolute = slashed.startswith("/") or slashed[1:2] == ":"
    if is_absolute or joined.split("/")[0] == ".." or "\0" in slashed:
        raise UserError(
            f"{where}: {column} must stay inside the folder. Received: {_shortened(path)}"
        )
    return joined


def _shortened(value: Any) -> str:
    return repr(value)[:80]
