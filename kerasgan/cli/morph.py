"""`kerasgan morph`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.file_name import ModelName
from kerasgan.cli.labels import labels_by_set
from kerasgan.cli.numbers import RealNumber, WholeNumber
from kerasgan.cli.output import output_file, output_options
from kerasgan.cli.place import Place
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.cli.size import PictureSize
from kerasgan.new_folder import means_folder

if TYPE_CHECKING:
    from kerasgan.drawing import View

_EXAMPLES = (
    "\b\n"
    "kerasgan morph pokemon_wgan --seeds 2,9,0 --loop\n"
    "kerasgan morph mnist_cppn_wgan_gp --seeds 7 --size 512 --zoom-to 40"
)


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=ModelName())
@click.option(
    "--seeds",
    metavar="S,S,...",
    help="The pictures to pass: seeds, or numbers of a seed, as 7:3.",
)
@click.option(
    "--through",
    multiple=True,
    type=ModelName(),
    metavar="FILE",
    help="Instead of seeds, a picture or a .npy file to pass. Repeatable.",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="CLASS",
    help="Of a conditional model: the class; repeated, the classes to pass.",
)
@click.option(
    "--frames",
    default=24,
    show_default=True,
    type=WholeNumber(2, 100_000),
    help="From one picture to the next, both included.",
)
@click.option("--sinusoid", is_flag=True, help="Slow down towards each picture.")
@click.option("--loop", is_flag=True, help="Return to the first.")
@click.option(
    "--interpolation",
    default="lerp",
    show_default=True,
    type=click.Choice(["lerp", "slerp"]),
    help="Straight, or along an arc that keeps latents as long as they are.",
)
@click.option("--size", type=PictureSize(), help="In pixels, of a CPPN.")
@click.option("--zoom-from", type=RealNumber(), metavar="Z", help="Of a CPPN, where a zoom begins.")
@click.option("--zoom-to", type=RealNumber(), metavar="Z", help="And where it ends.")
@click.option(
    "--centre-from",
    type=Place(),
    help="Of a CPPN, what is in the middle first: 0,0 is the picture's middle, 1,1 its lower "
    "right corner.",
)
@click.option("--centre-to", type=Place(), help="And last.")
@click.option(
    "--fps", default=24.0, show_default=True, type=RealNumber(), help="Frames in a second."
)
@output_options("morph.gif", "A .gif, .webp or .mp4 file, or a folder for a .png per frame.")
def command(
    model: str,
    seeds: str | None,
    through: tuple[str, ...],
    labels: tuple[str, ...],
    frames: int,
    sinusoid: bool,
    loop: bool,
    interpolation: str,
    size: tuple[int, int] | None,
    zoom_from: float | None,
    zoom_to: float | None,
    centre_from: tuple[float, float] | None,
    centre_to: tuple[float, float] | None,
    fps: float,
    out: Path | None,
    force: bool,
) -> None:
    """Animate the way from picture to picture of MODEL."""
    if (seeds is None) == (not through):
        raise click.UsageError("Give either --seeds or --through.")
    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.drawing.animation import check_animation_path
    from kerasgan.drawing.any_size.any_size import check_any_size
    from kerasgan.drawing.latents import INTERPOLATIONS
    from kerasgan.drawing.morph import morph
    from kerasgan.drawing.operand import read_operand
    from kerasgan.errors import UserError
    from kerasgan.zoo.loader import open_model

    if out is None or not means_folder(out):
        out = output_file(out, "morph.gif", force=force)
    check_animation_path(out, fps=fps, force=force)
    stations = list(through) if seeds is None else _seeds(seeds)
    loaded = open_model(model)
    if size is not None:
        check_any_size(loaded, model)
    asked = labels_by_set(loaded.condition, labels, model)
    try:
        views = _views(zoom_from, zoom_to, centre_from, centre_to)
        latents = [
            read_operand(loaded, text, _label_of(asked, index), progress=True)
            for index, text in enumerate(stations)
        ]
        animation = morph(
            loaded,
            np.stack(latents),
            asked,
            frames=frames,
            sinusoid=sinusoid,
            loop=loop,
            interpolation=INTERPOLATIONS[interpolation],
            size=None if size is None else size[::-1],
            views=views,
            fps=fps,
            name=model,
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    saved = animation.save(out, progress=True, force=force)
    click.echo(f"{len(animation.pictures)} frames in {saved}")


def _views(
    zoom_from: float | None,
    zoom_to: float | None,
    centre_from: tuple[float, float] | None,
    centre_to: tuple[float, float] | None,
) -> "tuple[View, View] | None":
    """Returns where a zoom or pan begins and ends, or `None` where there is none.

    It begins at the picture's own view, and what is not said of its end stays as it began.
    """
    from kerasgan.drawing.any_size.view import View

    if {zoom_from, zoom_to, centre_from, centre_to} == {None}:
        return None
    start = View(1.0 if zoom_from is None else zoom_from, centre_from or (0.0, 0.0))
    return start, View(start.zoom if zoom_to is None else zoom_to, centre_to or start.centre)


def _label_of(asked: dict[str, list], index: int) -> dict[str, str | int] | None:
    """Returns the classes at a station; one class is that of all."""
    return {name: values[min(index, len(values) - 1)] for name, values in asked.items()} or None


def _seeds(text: str) -> list[str]:
    """Returns the seeds between commas."""
    seeds = [seed.strip() for seed in text.split(",")]
    for seed in seeds:
        if not re.fullmatch(r"-?[0-9]+(:[0-9]+)?", seed):
            raise click.BadParameter(
                f"Write seeds between commas, such as 2,9,0. Received: {text!r}",
                param_hint="--seeds",
            )
    return seeds
