"""`kerasgan render`."""

from pathlib import Path

import click

from kerasgan.cli.file_name import ModelName
from kerasgan.cli.numbers import RealNumber, WholeNumber
from kerasgan.cli.output import output_file, output_options
from kerasgan.cli.place import Place
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.cli.size import PictureSize


@click.command()
@click.argument("model", type=ModelName())
@click.option(
    "--size",
    default="1024",
    show_default=True,
    type=PictureSize(),
    help="In pixels.",
)
@click.option("--seed", type=WholeNumber(), help="Of the latent.  [default: a new one each time]")
@click.option(
    "--latent",
    type=ModelName(),
    metavar="FILE",
    help="A latent instead of a seed: a .npy file of one, or a picture. One that MODEL drew gives "
    "its latent, any other is encoded.",
)
@click.option(
    "--zoom", default=1.0, show_default=True, type=RealNumber(), help="Above 1 looks closer."
)
@click.option(
    "--centre",
    "--center",
    default="0,0",
    show_default=True,
    type=Place(),
    help="What is in the middle: 0,0 is the middle of the model's own picture, 1,1 its lower "
    "right corner.",
)
@click.option("--invert", is_flag=True, help="Black on white instead of white on black.")
@output_options(
    "render.png", "A .png, .jpg, .tif or .webp file, or a .dzi (Deep Zoom) for zoomable viewers."
)
def command(
    model: str,
    size: tuple[int, int],
    seed: int | None,
    latent: str | None,
    zoom: float,
    centre: tuple[float, float],
    invert: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Draw one picture of any size from MODEL.

    MODEL is a name of the zoo, a zoo entry's folder or a run folder, whose generator is a CPPN.
    Any size fits in memory: the picture is written while it is drawn.
    """
    if seed is not None and latent is not None:
        raise click.UsageError("Give --seed or --latent, not both")
    import_tensorflow_quietly()
    from kerasgan.drawing.any_size.any_size import check_any_size
    from kerasgan.drawing.any_size.large_picture import large_picture_format
    from kerasgan.drawing.any_size.render import render_to_file
    from kerasgan.drawing.any_size.view import View
    from kerasgan.drawing.operand import read_operand
    from kerasgan.drawing.size import Size
    from kerasgan.models.generative_model import new_seed
    from kerasgan.zoo.loader import open_model

    # Wrong options are refused before the model is loaded, which takes a while.
    picture, view = Size(*size), View(zoom, centre)
    out = output_file(out, "render.png", force=force)
    large_picture_format(out, picture)
    loaded = open_model(model)
    check_any_size(loaded, model)
    if latent is None:
        source = new_seed() if seed is None else seed
        origin = f"--seed {source}"
    else:
        source, origin = read_operand(loaded, latent, progress=True), latent
    path = render_to_file(
        loaded,
        source,
        out,
        width=picture.width,
        height=picture.height,
        zoom=view.zoom,
        centre=view.centre,
        invert=invert,
        name=model,
        progress=True,
    )
    click.echo(f"{path}: {picture} from {origin}")
