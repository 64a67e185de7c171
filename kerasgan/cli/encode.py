"""`kerasgan encode`."""

from pathlib import Path

import click

from kerasgan.cli.drawing_options import label_option, one_label, output_file, output_options
from kerasgan.cli.engine import best_option
from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("model", type=ModelName())
@click.argument("pictures", nargs=-1, required=True, type=FileName())
@label_option(
    "For a conditional model, where it is required: the class of all PICTURES, by name or number; "
    "SET=CLASS where the model has several label sets."
)
@click.option(
    "--steps",
    type=WholeNumber(0, 1_000_000),
    help="Steps of gradient descent, for a model without an encoder.  [default: 200]",
)
@best_option
@output_options("latents.npy", "The .npy file to write, with one latent for each picture.")
def command(
    model: str,
    pictures: tuple[Path, ...],
    labels: tuple[str, ...],
    steps: int | None,
    best: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Find latents from which MODEL draws PICTURES, and write them to a .npy file.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Its encoder finds the latents; without
    an encoder, gradient descent does. The reconstruction error printed for each picture is the mean
    squared difference of pixels in [0, 1].
    """
    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.drawing import encode, write_latents
    from kerasgan.drawing.encoding import STEPS, read_image
    from kerasgan.drawing.latent_files import check_latent_path
    from kerasgan.errors import UserError
    from kerasgan.zoo.loader import open_model

    out = check_latent_path(output_file(out, "latents.npy", force=force))
    loaded = open_model(model, best=best)
    requested = one_label(loaded.condition, labels, model)
    images = np.stack([read_image(path, loaded) for path in pictures])
    try:
        encoding = encode(
            loaded, images, requested, steps=STEPS if steps is None else steps, progress=True
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    for path, error in zip(pictures, encoding.errors, strict=True):
        click.echo(f"{path}: reconstruction error {error:.5f}")
    click.echo(write_latents(encoding.latents, out))
