"""`kerasgan morph`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.drawing_options import (
    label_option,
    output_file,
    output_options,
    psi_option,
    requested_classes,
    size_option,
    upscale_option,
)
from kerasgan.cli.engine import best_option, engine_option, open_to_draw
from kerasgan.cli.output import Output
from kerasgan.cli.parameter_types import IntegerList, ModelName, Point, RealNumber, WholeNumber
from kerasgan.cli.sample_output import is_given
from kerasgan.errors import shortened
from kerasgan.files.new_folder import means_folder

if TYPE_CHECKING:
    from kerasgan.drawing import Size, View
    from kerasgan.drawing.drawable import Drawable
    from kerasgan.drawing.labelled_latents import LabelledLatents
    from kerasgan.drawing.picture_classes import Label
    from kerasgan.zoo.engine import EngineChoice

_EXAMPLES = (
    "\b\nExamples:\n"
    "  kerasgan morph pokemon_wgan --seeds 2,9,0 --loop\n"
    "  kerasgan morph mnist_cppn_wgan_gp --seeds 7 --size 512 --zoom-to 40"
)


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=ModelName())
@click.option(
    "--seeds",
    metavar="S,S,...",
    help="The pictures to pass through: seeds (7), ranges of seeds (0-5), or numbered latents of a "
    "seed (7:3).",
)
@click.option(
    "--through",
    multiple=True,
    type=ModelName(),
    metavar="FILE",
    help="Instead of --seeds, a picture to pass through, or a file of latents, such as the "
    "latents.json of pictures that you picked, to pass through all of them. FILE:3 is number 3 "
    "alone. Repeatable.",
)
@label_option(
    "For a conditional model: the class of all pictures, by name or number, or, repeated, the "
    "class of each picture to pass through; SET=CLASS where the model has several label sets. It "
    "is required, unless each file of --through says its classes, as latents.json and the pictures "
    "that MODEL drew do."
)
@click.option(
    "--frames",
    default=24,
    show_default=True,
    type=WholeNumber(2, 100_000),
    help="Number of frames from one picture to the next, counting both ends.",
)
@click.option("--sinusoid", is_flag=True, help="Slow down towards each picture.")
@click.option("--loop", is_flag=True, help="Return to the first picture.")
@click.option(
    "--interpolation",
    default="lerp",
    show_default=True,
    type=click.Choice(["lerp", "slerp"]),
    help="lerp moves in a straight line, slerp along an arc that keeps the latents' length.",
)
@psi_option
@size_option
@upscale_option
@click.option(
    "--zoom-from",
    type=RealNumber(),
    metavar="Z",
    help="Magnification at the beginning, from 1e-9 to 1e9, for CPPNs only.  [default: 1]",
)
@click.option(
    "--zoom-to",
    type=RealNumber(),
    metavar="Z",
    help="Magnification at the end.  [default: as at the beginning]",
)
@click.option(
    "--centre-from",
    type=Point(),
    help="The point in the middle at the beginning, for CPPNs only: 0,0 is the middle of the "
    "model's own picture, 1,1 its lower right corner.  [default: 0,0]",
)
@click.option(
    "--centre-to",
    type=Point(),
    help="The point in the middle at the end.  [default: as at the beginning]",
)
@click.option(
    "--fps",
    default=24.0,
    show_default=True,
    type=RealNumber(),
    help="Frames per second, at most 1000, and at most 50 in a .gif.",
)
@best_option
@engine_option
@output_options(
    "morph.gif", "The .gif, .webp or .mp4 file, or a folder, for a .png file of each frame."
)
def command(
    model: str,
    seeds: str | None,
    through: tuple[str, ...],
    labels: tuple[str, ...],
    frames: int,
    sinusoid: bool,
    loop: bool,
    interpolation: str,
    psi: float | None,
    size: "Size | None",
    upscale: int,
    zoom_from: float | None,
    zoom_to: float | None,
    centre_from: tuple[float, float] | None,
    centre_to: tuple[float, float] | None,
    fps: float,
    best: bool,
    engine: "EngineChoice",
    out: Path | None,
    force: bool,
) -> None:
    """Animate the way from picture to picture of MODEL.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Give the pictures to pass through by
    --seeds or --through; one is enough for a zoom, a pan or a way between classes. Only CPPNs
    (compositional pattern-producing networks) zoom and pan.
    """
    if (seeds is None) == (not through):
        raise click.UsageError("Give either --seeds or --through")
    import numpy as np

    from kerasgan.drawing import morph
    from kerasgan.drawing.animation_file import check_animation_path
    from kerasgan.drawing.any_size.at_size import check_any_size
    from kerasgan.drawing.interpolation import INTERPOLATIONS
    from kerasgan.drawing.named_latents import find_latents

    if out is None or not means_folder(out):
        output = output_file(out, "morph.gif", force=force)
    elif is_given(click.get_current_context(), "fps"):
        raise click.UsageError("--fps needs an animation; give a .gif, .webp or .mp4 as --out")
    else:
        output = Output(out, "morph.gif")
    check_animation_path(output.path, fps=fps, force=force)
    stations = list(through) if seeds is None else _seeds(seeds)
    loaded = open_to_draw(model, engine, best=best)
    if size is not None:
        check_any_size(loaded, model)
    requested = requested_classes(loaded.condition, labels, model)
    views = _views(zoom_from, zoom_to, centre_from, centre_to)
    found: list[LabelledLatents] = []
    for text in stations:
        # A file may have several latents, and there is a class for each of them.
        label = _label_of(requested, sum(len(each.latents) for each in found))
        found.append(find_latents(loaded, text, label, progress=True))
    animation = morph(
        loaded,
        np.concatenate([each.latents for each in found]),
        _own_classes(loaded, found, requested) | requested,
        frames=frames,
        sinusoid=sinusoid,
        loop=loop,
        interpolation=INTERPOLATIONS[interpolation],
        size=size,
        views=views,
        psi=psi,
        upscale=upscale,
        fps=fps,
        name=model,
        best=best,
    )
    with output.writing() as path:
        animation.save(path, progress=True, force=force)
    click.echo(f"{len(animation.pictures)} frames in {output.path}")


def _views(
    zoom_from: float | None,
    zoom_to: float | None,
    centre_from: tuple[float, float] | None,
    centre_to: tuple[float, float] | None,
) -> "tuple[View, View] | None":
    """Returns the first and last view of a zoom or pan, or `None` where there is none."""
    from kerasgan.drawing import View

    if {zoom_from, zoom_to, centre_from, centre_to} == {None}:
        return None
    start = View(1.0 if zoom_from is None else zoom_from, centre_from or (0.0, 0.0))
    return start, View(start.zoom if zoom_to is None else zoom_to, centre_to or start.centre)


def _label_of(requested: dict[str, list], index: int) -> dict[str, str | int] | None:
    """Returns the classes at a station; a single class holds at all stations."""
    return {name: values[min(index, len(values) - 1)] for name, values in requested.items()} or None


def _own_classes(
    model: "Drawable", found: "list[LabelledLatents]", given: dict[str, list]
) -> "dict[str, list[Label]]":
    """Returns the classes that files say of all the stations, by the label sets not given.

    Raises:
        UserError: One file says its class of a label set and another does not, or the model cannot
            draw them.
    """
    from kerasgan.errors import UserError

    own = [each.classes_for(model, given) for each in found]
    classes = {}
    for name in dict.fromkeys(name for each in own for name in each):
        silent = [each for each, told in zip(found, own, strict=True) if name not in told]
        if silent:
            raise UserError(
                f"{silent[0].source} does not say its {name}, as others do; pass labels= once for "
                "all pictures, or once for each"
            )
        classes[name] = [label for each in own for label in each[name]]
    return classes


def _seeds(text: str) -> list[str]:
    """Returns the seeds in a list separated by commas."""
    seeds = []
    for part in text.split(","):
        if re.fullmatch(r"-?[0-9]+:[0-9]+", part.strip()):
            seeds.append(part.strip())
            continue
        try:
            seeds += map(str, IntegerList().convert(part, None, None))
        except click.BadParameter:
            raise click.BadParameter(
                f"Separate seeds by commas, such as 2,9,0, or 0-5. Received: {shortened(text)!r}",
                param_hint="--seeds",
            ) from None
    return seeds
