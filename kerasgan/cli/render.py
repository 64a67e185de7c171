"""`kerasgan render`."""

import re
from pathlib import Path

import click

from kerasgan.cli.quiet import import_tensorflow_quietly


class _Size(click.ParamType):
    name = "size"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        match = re.fullmatch(r"(-?\d+)(?:x(-?\d+))?", value)
        if not match:
            self.fail(f"{value!r} is no size; give 4096, or 8192x4096 (width x height)", param, ctx)
        width, height = match.groups()
        return int(width), int(height or width)


class _Place(click.ParamType):
    name = "place"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        try:
            x, y = map(float, value.split(","))
        except ValueError:
            self.fail(f"{value!r} is no place; give X,Y such as 0.5,-0.25", param, ctx)
        return x, y


@click.command()
@click.argument("model")
@click.option(
    "--size",
    default="1024",
    show_default=True,
    type=_Size(),
    metavar="SIDE|WIDTHxHEIGHT",
    help="In pixels.",
)
@click.option("--seed", type=int, help="Of the latent.  [default: a new one each time]")
@click.option(
    "--latent",
    "latent_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A latent instead of a seed: a .npy file, or a .json file with a list of numbers.",
)
@click.option("--zoom", default=1.0, show_default=True, help="Above 1 looks closer.")
@click.option(
    "--center",
    "centre",
    default="0,0",
    show_default=True,
    type=_Place(),
    metavar="X,Y",
    help="What is in the middle: 0,0 is the middle of the model's own picture, 1,1 its lower "
    "right corner.",
)
@click.option("--invert", is_flag=True, help="Black on white instead of white on black.")
@click.option(
    "--out",
    default="render.png",
    show_default=True,
    type=click.Path(path_type=Path),
    help="A .png, .jpg, .tif or .webp file, or a .dzi (Deep Zoom) for zoomable viewers.",
)
def command(
    model: str,
    size: tuple[int, int],
    seed: int | None,
    latent_file: Path | None,
    zoom: float,
    centre: tuple[float, float],
    invert: bool,
    out: Path,
) -> None:
    """Draw one picture of any size from MODEL.

    MODEL is a name of the zoo, a zoo entry's folder or a run folder, whose generator is a CPPN.
    Any size fits in memory: the picture is written while it is drawn.
    """
    if seed is not None and latent_file is not None:
        raise click.UsageError("Give --seed or --latent, not both")
    import_tensorflow_quietly()
    from kerasgan.drawing import render_to_file
    from kerasgan.drawing.latent_file import read_latent
    from kerasgan.drawing.picture_format import picture_format
    from kerasgan.drawing.view import View
    from kerasgan.models.sampling import new_seed
    from kerasgan.zoo.opener import open_model

    width, height = size
    # Wrong options are refused before the model is loaded, which takes a while.
    picture_format(out, View(width, height, zoom, centre))
    loaded = open_model(model)
    if latent_file is None:
        seed = new_seed() if seed is None else seed
        latent, origin = loaded.draw_latents(1, seed=seed)[0], f"--seed {seed}"
    else:
        latent, origin = read_latent(latent_file, latent_dim=loaded.latent_dim), f"{latent_file}"
    path = render_to_file(
        loaded,
        latent,
        out,
        width=width,
        height=height,
        zoom=zoom,
        centre=centre,
        invert=invert,
        progress=True,
    )
    click.echo(f"{path}: {width}x{height} from {origin}")
