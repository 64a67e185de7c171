"""Numbers on the command line."""

import math
import re

import click

from kerasgan.shortened import shortened

_INTEGER = re.compile(r"[+-]?[0-9]+")
# 64 bits have 19 digits.
_MOST_DIGITS = 19


class WholeNumber(click.IntRange):
    """An integer within a range; by default what 64 bits hold."""

    name = "integer"

    def __init__(self, min: int = -(2**63), max: int = 2**63 - 1) -> None:
        super().__init__(min=min, max=max)

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
        if not self.min <= value <= self.max:
            self.fail(f"{value} is not {self._range()}", param, ctx)
        return value

    def _range(self) -> str:
        if (self.min, self.max) == (-(2**63), 2**63 - 1):
            return "an integer of at most 64 bits."
        return f"in the range {self.min}<=x<={self.max}."

    def _describe_range(self) -> str:
        # The help shows no bound that only a mistake exceeds.
        if self.max >= 1_000_000:
            return "" if self.min < 0 else f"x>={self.min}"
        return super()._describe_range()


class RealNumber(click.types.FloatParamType):
    """A finite number."""

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{shortened(value)} is not a finite number.", param, ctx)
        return number
