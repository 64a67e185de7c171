"""`kerasgan encode`."""

from pathlib import Path

import click

from kerasgan.cli.file_name import FileName, ModelName
from kerasgan.cli.labels import one_label
from kerasgan.cli.numbers import WholeNumber
from kerasgan.cli.output import output_file, output_options
from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("model", type=ModelName())
@click.argument("pictures", nargs=-1, required=True, type=FileName())
@click.option("--label", "labels", multiple=True, metavar="CLASS", help="Of a conditional model.")
@click.option(
    "--steps",
    type=WholeNumber(0, 1_000_000),
    help="Of descent, without an encoder.  [default: 200]",
)
@output_options("latents.npy", "A .npy file, of a latent for each picture.")
def command(
    model: str,
    pictures: tuple[Path, ...],
    labels: tuple[str, ...],
    steps: int | None,
    out: Path | None,
    force: bool,
) -> None:
    """Find the latents that MODEL draws PICTURES from, and write them to a .npy file.

    By the model's encoder where it has one, otherwise by gradient descent. Each picture's
    reconstruction error is the mean squared difference of pixels in [0, 1].
    """
    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.drawing.encode import encode, read_image
    from kerasgan.drawing.invert import STEPS
    from kerasgan.drawing.latent_files import check_latent_path, write_latents
    from kerasgan.errors import UserError
    from kerasgan.zoo.loader import open_model

    out = check_latent_path(output_file(out, "latents.npy", force=force))
    loaded = open_model(model)
    asked = one_label(loaded.condition, labels, model)
    images = np.stack([read_image(path, loaded) for path in pictures])
    try:
        encoding = encode(
            loaded, images, asked, steps=STEPS if steps is None else steps, progress=True
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    for path, error in zip(pictures, encoding.errors, strict=True):
        click.echo(f"{path}: reconstruction error {error:.5f}")
    click.echo(write_latents(encoding.latents, out))
