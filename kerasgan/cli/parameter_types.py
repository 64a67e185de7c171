"""What the command line accepts as a name, a number, a point or a size."""

import errno
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kerasgan.errors import UserError, shortened
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from kerasgan.drawing import Size

# In bytes, on every file system in use.
_LONGEST_PART = 255
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))
_UNUSABLE = {
    errno.ELOOP: "is a link that leads to itself",
    errno.ENAMETOOLONG: "is too long for a path",
}
_INTEGER = re.compile(r"[+-]?[0-9]+")
# 64 bits have 19 digits.
_MOST_DIGITS = 19
_RANGE = re.compile(r"(-?[0-9]{1,19})(?:-(-?[0-9]{1,19}))?")
_MOST_INTEGERS = 100_000


class FileName(click.ParamType):
    """A path that a file can have, whether it exists or not; gives a `Path`.

    Every name on the command line is checked here, so that the code that reads or writes files
    meets none that the system cannot even look for.
    """

    name = "path"

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        if reason := _why_unusable(str(value)):
            self.fail(f"{shortened(value)!r} {reason}", param, ctx)
        path = user_path(value)
        if str(value).endswith(_SEPARATORS) and path.suffix and not path.is_dir():
            # By its name it would be a file.
            self.fail(
                f"there is no folder {shortened(value)!r}: make it first, or choose a name without "
                f"{path.suffix!r}",
                param,
                ctx,
            )
        return path


class ModelName(FileName):
    """A name, or the path of a file or folder; gives a `str`."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        path = super().convert(value, param, ctx)
        return str(path) if value.startswith("~") else value


class WholeNumber(click.IntRange):
    """An integer within a range; by default any integer of 64 bits."""

    name = "integer"

    def __init__(self, min: int = -(2**63), max: int = 2**63 - 1) -> None:
        super().__init__(min=min, max=max)
        self.least = min
        self.most = max

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        if isinstance(value, str):
            text = value.strip()
            if not _INTEGER.fullmatch(text):
                self.fail(f"{shortened(value)!r} is not a valid integer.", param, ctx)
            if len(text.lstrip("+-0")) > _MOST_DIGITS:
                self.fail(f"{shortened(text)} is not {self._range()}", param, ctx)
            value = int(text)
        if not self.least <= value <= self.most:
            self.fail(f"{value} is not {self._range()}", param, ctx)
        return value

    def _range(self) -> str:
        if (self.least, self.most) == (-(2**63), 2**63 - 1):
            return "an integer of at most 64 bits."
        if self.most == 2**63 - 1:
            return f"an integer of at least {self.least} and at most 64 bits."
        return f"in the range {self.least}<=x<={self.most}."

    def _describe_range(self) -> str:
        # The help shows no bound that only a mistake exceeds.
        if self.most >= 1_000_000:
            return "" if self.least < 0 else f"x>={self.least}"
        return super()._describe_range()


class RealNumber(click.types.FloatParamType):
    """A finite number."""

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        # Click takes a text, but declares a number.
        number = super().convert(cast(float, value), param, ctx)
        if not math.isfinite(number):
            self.fail(f"{shortened(value)} is not a finite number.", param, ctx)
        return number


class IntegerList(click.ParamType):
    """Integers and ranges, such as 3,7,19 or 0-31; gives a tuple of ints, each of them once."""

    name = "N,N-N,..."

    def convert(
        self, value: str | tuple, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        numbers: dict[int, None] = {}
        for part in value.split(","):
            match = _RANGE.fullmatch(part.strip())
            if not match:
                self.fail(
                    f"{shortened(value)!r} is not a list of integers; use 3,7,19, or 0-31",
                    param,
                    ctx,
                )
            first, last = int(match[1]), int(match[2] or match[1])
            if not first <= last < first + _MOST_INTEGERS:
                self.fail(
                    f"{shortened(part)!r} is not a range of 1 to {_MOST_INTEGERS:,} integers, the "
                    "smaller one first",
                    param,
                    ctx,
                )
            numbers |= dict.fromkeys(range(first, last + 1))
            if len(numbers) > _MOST_INTEGERS:
                self.fail(f"More than {_MOST_INTEGERS:,} integers are too many", param, ctx)
        return tuple(numbers)


class Point(click.ParamType):
    """X,Y; gives two floats."""

    name = "X,Y"

    def convert(
        self, value: str | tuple, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        try:
            x, y = map(float, value.split(","))
        except ValueError:
            self.fail(f"{shortened(value)!r} is not X,Y, such as 0.5,-0.25", param, ctx)
        return x, y


class PictureSize(click.ParamType):
    """SIDE or WIDTHxHEIGHT; gives a `kerasgan.drawing.Size`."""

    name = "SIDE|WIDTHxHEIGHT"

    def convert(
        self, value: "str | Size", param: click.Parameter | None, ctx: click.Context | None
    ) -> "Size":
        from kerasgan.drawing.size import Size

        if isinstance(value, Size):
            return value
        match = re.fullmatch(r"(-?[0-9]{1,18})(?:x(-?[0-9]{1,18}))?", value)
        if not match:
            received = repr(shortened(value))
            self.fail(
                f"{received} is not a size; use 4096, or 8192x4096 (width x height)", param, ctx
            )
        width, height = match.groups()
        try:
            return Size(width=int(width), height=int(height or width))
        except UserError as error:
            self.fail(str(error), param, ctx)


def _why_unusable(text: str) -> str | None:
    """Says why a text cannot be the name of a file, or returns None."""
    if not text:
        return "is not the name of a file"
    if "\0" in text:
        return "has a NUL character, which the name of a file cannot have"
    try:
        parts = os.fsencode(text).split(os.fsencode(os.sep))
    except UnicodeEncodeError:
        return "has a character that the name of a file cannot have"
    if any(len(part) > _LONGEST_PART for part in parts):
        return f"has a part of more than {_LONGEST_PART} bytes, too long for the name of a file"
    try:
        os.stat(text)  # noqa: PTH116 (Path.stat would do; this is what fails in all of them)
    except OSError as error:
        return _UNUSABLE.get(error.errno or 0)
    return None
