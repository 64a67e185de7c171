"""`kerasgan render`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.drawing_options import output_file, output_options, psi_option
from kerasgan.cli.engine import engine_option, open_to_draw
from kerasgan.cli.parameter_types import ModelName, PictureSize, Point, RealNumber, WholeNumber

if TYPE_CHECKING:
    from kerasgan.drawing import Size
    from kerasgan.zoo.engine import EngineChoice


@click.command()
@click.argument("model", type=ModelName())
@click.option(
    "--size",
    default="1024",
    show_default=True,
    type=PictureSize(),
    help="Size in pixels, up to 1048576 pixels a side.",
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
@engine_option
@output_options(
    "render.png",
    "The file to write: .png, .jpg, .tif, .webp, or .dzi (Deep Zoom, for zoomable viewers).",
)
def command(
    model: str,
    size: "Size",
    seed: int | None,
    latent: str | None,
    psi: float | None,
    zoom: float,
    centre: tuple[float, float],
    invert: bool,
    engine: "EngineChoice",
    out: Path | None,
    force: bool,
) -> None:
    """Draw one picture of any size from MODEL.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Its generator must be a CPPN
    (compositional pattern-producing network). The picture is written to its file while it is drawn,
    so it need not fit in memory.
    """
    if seed is not None and latent is not None:
        raise click.UsageError("Give --seed or --latent, not both")
    from kerasgan.drawing import View, render_to_file, resolve_latent
    from kerasgan.drawing.any_size.at_size import check_any_size
    from kerasgan.drawing.any_size.large_picture import large_picture_format
    from kerasgan.drawing.latents import check_psi
    from kerasgan.seeds import new_seed

    # Wrong options are refused before the model is loaded, which takes a while.
    view = View(zoom, centre)
    if psi is not None:
        check_psi(psi)
    out = output_file(out, "render.png", force=force)
    large_picture_format(out, size)
    loaded = open_to_draw(model, engine)
    check_any_size(loaded, model)
    if latent is None:
        source = new_seed() if seed is None else seed
        origin = f"--seed {source}"
    else:
        source, origin = resolve_latent(loaded, latent, progress=True), latent
    path = render_to_file(
        loaded,
        source,
        out,
        size,
        zoom=view.zoom,
        centre=view.centre,
        invert=invert,
        psi=psi,
        name=model,
        progress=True,
    )
    click.echo(f"{path}: {size} from {origin}")
