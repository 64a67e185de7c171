"""A place in a picture on the command line."""

import click

from kerasgan.shortened import shortened


class Place(click.ParamType):
    """X,Y."""

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
