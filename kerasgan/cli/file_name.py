"""Names of files and models on the command line."""

import errno
import os
from pathlib import Path

import click

from kerasgan.shortened import shortened

# Of every file system in use, in bytes.
_LONGEST_PART = 255
_UNUSABLE = {
    errno.ELOOP: "is a link that leads to itself",
    errno.ENAMETOOLONG: "is too long for a path",
}


class FileName(click.ParamType):
    """A path that a file can have, whether there is one or not; gives a `Path`.

    Every name of the command line passes here, so that what reads or writes files meets none that
    the system cannot even look for.
    """

    name = "path"

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        if reason := _why_unusable(str(value)):
            self.fail(f"{shortened(value)!r} {reason}", param, ctx)
        return Path(value)


class ModelName(FileName):
    """A name, or the path of a file or folder; gives a `str`."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        super().convert(value, param, ctx)
        return value


def _why_unusable(text: str) -> str | None:
    """Says why a text can be no file's name, or returns None."""
    if not text:
        return "is no name of a file"
    if "\0" in text:
        return "has a NUL character, which no name of a file has"
    try:
        parts = os.fsencode(text).split(os.fsencode(os.sep))
    except UnicodeEncodeError:
        return "has a character that no name of a file has"
    if any(len(part) > _LONGEST_PART for part in parts):
        return f"has a part of more than {_LONGEST_PART} bytes, which no name of a file has"
    try:
        os.stat(text)  # noqa: PTH116 (Path.stat would do; this is what fails in all of them)
    except OSError as error:
        return _UNUSABLE.get(error.errno)
    return None
