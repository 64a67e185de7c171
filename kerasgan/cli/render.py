"""`kerasgan render`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.drawing_options import output_file, output_options, psi_option
from kerasgan.cli.engine import best_option, engine_option, open_to_draw
from kerasgan.cli.parameter_types import ModelName, PictureSize, Point, RealNumber, WholeNumber
from kerasgan.cli.random_sheet import (
    check_no_random_options,
    check_sheet_options,
    draw_sheet,
    random_options,
)

if TYPE_CHECKING:
    from kerasgan.drawing import Size
    from kerasgan.zoo.engine import EngineChoice


@click.command()
@click.argument("model", required=False, type=ModelName())
@click.option(
    "--size",
    type=PictureSize(),
    help="Size in pixels, up to 1048576 pixels a side.  [default: 1024; with --count, 256]",
)
@click.option(
    "--seed", type=WholeNumber(), help="Random seed of the latent.  [default: a new one each time]"
)
@click.option(
    "--latent",
    type=ModelName(),
    metavar="FILE",
    help="Instead of a seed, a .npy file of one latent, the latent of a picture that you picked "
    "(picks/latents.json:3), or a picture. A picture that MODEL drew gives its latent; any other "
    "picture is encoded.",
)
@psi_option
@click.option(
    "--zoom",
    default=1.0,
    show_default=True,
    type=RealNumber(),
    help="Magnification, from 1e-9 to 1e9: above 1 looks closer.",
)
@click.option(
    "--centre",
    "--center",
    default="0,0",
    show_default=True,
    type=Point(),
    help="The point in the middle: 0,0 is the middle of the model's own picture, 1,1 its lower "
    "right corner.",
)
@click.option("--invert", is_flag=True, help="Exchange black and white.")
@random_options
@best_option
@engine_option
@output_options(
    "render.png",
    "The file to write: .png, .jpg, .tif, .webp, or .dzi (Deep Zoom, for zoomable viewers).",
)
@click.pass_context
def command(
    context: click.Context,
    model: str | None,
    size: "Size | None",
    seed: int | None,
    latent: str | None,
    psi: float | None,
    zoom: float,
    centre: tuple[float, float],
    invert: bool,
    random: bool,
    width: int,
    depth: int,
    weights: str,
    channels: int,
    count: int | None,
    best: bool,
    engine: "EngineChoice",
    out: Path | None,
    force: bool,
) -> None:
    """Draw one picture of any size from MODEL, or from an untrained network.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Its generator must be a CPPN
    (compositional pattern-producing network). The picture is written to its file while it is drawn,
    so it need not fit in memory.

    With --random there is no MODEL: each seed is another CPPN of random weights, which draws as it
    is. Its pictures name it, such as cppn:width=32,depth=4,weights=normal,channels=3, and the other
    drawing commands take that name as their MODEL.
    """
    if seed is not None and latent is not None:
        raise click.UsageError("Give --seed or --latent, not both")
    if random:
        if model is not None:
            raise click.UsageError("--random draws without a MODEL; leave one of them out")
        from kerasgan.drawing.untrained.random_cppn_name import RandomCPPNName

        model = str(RandomCPPNName(width=width, depth=depth, weights=weights, channels=channels))
    else:
        check_no_random_options(context)
    if model is None:
        raise click.UsageError("Missing argument 'MODEL'. Give a model, or --random.")
    if count is not None:
        check_sheet_options(context)
        draw_sheet(model, count, seed, psi, size, engine, out, force=force)
        return
    from kerasgan.drawing import Size, View, render_to_file, resolve_latent
    from kerasgan.drawing.any_size.at_size import check_any_size
    from kerasgan.drawing.any_size.large_picture import large_picture_format
    from kerasgan.drawing.latents import check_psi
    from kerasgan.randomness.seeds import new_seed

    size = size or Size(width=1024, height=1024)
    # Wrong options are refused before the model is loaded, which takes a while.
    view = View(zoom, centre)
    if psi is not None:
        check_psi(psi)
    output = output_file(out, "render.png", force=force)
    large_picture_format(output.path, size)
    loaded = open_to_draw(model, engine, best=best)
    check_any_size(loaded, model)
    if latent is None:
        source = new_seed() if seed is None else seed
        origin = f"--seed {source}"
    else:
        source, origin = resolve_latent(loaded, latent, progress=True), latent
    with output.writing() as path:
        render_to_file(
            loaded,
            source,
            path,
            size,
            zoom=view.zoom,
            centre=view.centre,
            invert=invert,
            psi=psi,
            name=model,
            best=best,
            progress=True,
        )
    click.echo(f"{output.path}: {size} from {origin}")
