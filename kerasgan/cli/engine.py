"""The options `--engine` and `--best` of the commands that draw."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable
    from kerasgan.zoo.engine import EngineChoice

Command = TypeVar("Command", bound=Callable)


def engine_option(command: Command) -> Command:
    """Adds `--engine` to a command."""
    return click.option(
        "--engine",
        default="auto",
        show_default=True,
        type=click.Choice(["auto", "litert", "tensorflow"]),
        help="What draws. LiteRT starts about ten times faster; pictures differ by at most 3 grey "
        "levels of 255. auto uses it where it is installed and MODEL is a zoo entry with LiteRT "
        "files, but not one on the Hub.",
    )(command)


def best_option(command: Command) -> Command:
    """Adds `--best` to a command."""
    return click.option(
        "--best",
        is_flag=True,
        help="Use a run's weights with the smallest Fréchet distance, not its newest.",
    )(command)


def open_to_draw(model: str | Path, engine: "EngineChoice", *, best: bool = False) -> "Drawable":
    """Returns a model for drawing, loaded without the messages of the engines.

    Raises:
        UserError: As `kerasgan.zoo.open_for_drawing`.
    """
    from kerasgan.cli.quiet import hidden_stderr, import_tensorflow_quietly
    from kerasgan.zoo.engine import chosen_engine, open_for_drawing

    if chosen_engine(model, engine, best=best) != "tensorflow":
        with hidden_stderr():
            return open_for_drawing(
                model, engine=engine, before_tensorflow=import_tensorflow_quietly
            )
    import_tensorflow_quietly()
    return open_for_drawing(model, engine="tensorflow", best=best)
