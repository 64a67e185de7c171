"""The size of a picture on the command line."""

import re

import click

from kerasgan.shortened import shortened


class PictureSize(click.ParamType):
    """SIDE or WIDTHxHEIGHT; gives (width, height)."""

    name = "SIDE|WIDTHxHEIGHT"

    def convert(
        self, value: str | tuple, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(-?[0-9]{1,18})(?:x(-?[0-9]{1,18}))?", value)
        if not match:
            received = repr(shortened(value))
            self.fail(
                f"{received} is no size; give 4096, or 8192x4096 (width x height)", param, ctx
            )
        width, height = match.groups()
        return int(width), int(height or width)
