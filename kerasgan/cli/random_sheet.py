"""The options of `kerasgan render --random`, and its contact sheet."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kerasgan.cli.drawing_options import output_file
from kerasgan.cli.engine import open_to_draw
from kerasgan.cli.parameter_types import WholeNumber
from kerasgan.cli.sample_output import is_given

if TYPE_CHECKING:
    from kerasgan.drawing import Size
    from kerasgan.zoo.engine import EngineChoice

Command = TypeVar("Command", bound=Callable)

# A picture file keeps a seed in 64 bits.
_LAST_SEED = 2**63 - 1
# The names are checked where the network is described, which knows them.
_ONLY_RANDOM = ("width", "depth", "weights", "channels", "count")


def random_options(command: Command) -> Command:
    """Adds `--random`, what describes the network, and `--count` to a command."""
    options = [
        click.option(
            "--random", is_flag=True, help="Draw from CPPNs of random weights, without a MODEL."
        ),
        click.option(
            "--width",
            default=32,
            show_default=True,
            type=WholeNumber(1, 256),
            help="With --random: units of every hidden layer.",
        ),
        click.option(
            "--depth",
            default=4,
            show_default=True,
            type=WholeNumber(1, 32),
            help="With --random: number of hidden layers.",
        ),
        click.option(
            "--weights",
            default="normal",
            show_default=True,
            type=click.Choice(["normal", "uniform", "lecun"]),
            help="With --random: the distribution of the weights. normal is N(0, 1), uniform "
            "U(-1, 1), and lecun N(0, 1 / fan-in), the calmest.",
        ),
        click.option(
            "--channels",
            default="3",
            show_default=True,
            type=click.Choice(["3", "1"]),
            callback=lambda context, parameter, value: int(value),
            help="With --random: 3 for colours, 1 for grey.",
        ),
        click.option(
            "--count",
            metavar="N",
            type=WholeNumber(1, 100_000),
            help="With --random: draw a contact sheet of N networks, each with its seed beside "
            "it, from --seed upwards.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def check_no_random_options(context: click.Context) -> None:
    """Refuses options that mean something with --random only."""
    for name in _ONLY_RANDOM:
        if is_given(context, name):
            raise click.UsageError(f"--{name} needs --random")


def check_sheet_options(context: click.Context) -> None:
    """Refuses options that a contact sheet has no use for."""
    for name in ("latent", "zoom", "centre", "invert", "best"):
        if is_given(context, name):
            raise click.UsageError(f"--count draws a contact sheet; leave out --{name}")


def draw_sheet(
    model: str,
    count: int,
    seed: int | None,
    psi: float | None,
    size: "Size | None",
    engine: "EngineChoice",
    out: Path | None,
    *,
    force: bool,
) -> None:
    """Draws one picture of each seed, in a grid that tells the seeds."""
    from kerasgan.drawing import sample
    from kerasgan.drawing.picture import picture_format
    from kerasgan.randomness.seeds import new_seed

    # Short enough to be read in a picture's corner.
    first = new_seed() % 100_000 if seed is None else seed
    if first > _LAST_SEED - count + 1:
        raise click.UsageError(f"The seeds end at {_LAST_SEED}; give a smaller --seed")
    output = output_file(out, "render.png", force=force)
    picture_format(output.path)
    drawn = sample(
        open_to_draw(model, engine),
        seeds=range(first, first + count),
        psi=psi,
        size=size,
        name=model,
    )
    sheet = drawn.grid(math.ceil(math.sqrt(count)), numbers=True)
    with output.writing() as path:
        sheet.save(path)
    click.echo(f"{output.path}: seeds {first} to {first + count - 1}")
