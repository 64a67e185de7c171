"""The size of a picture on the command line."""

import re

import click


class PictureSize(click.ParamType):
    """SIDE or WIDTHxHEIGHT; gives (width, height)."""

    name = "SIDE|WIDTHxHEIGHT"

    def convert(
        self, value: str | tuple, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(-?\d+)(?:x(-?\d+))?", value)
        if not match:
            self.fail(f"{value!r} is no size; give 4096, or 8192x4096 (width x height)", param, ctx)
        width, height = match.groups()
        return int(width), int(height or width)
