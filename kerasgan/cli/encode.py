"""`kerasgan encode`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kerasgan.cli.drawing_options import label_option, one_label, output_file, output_options
from kerasgan.cli.engine import best_option
from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly

if TYPE_CHECKING:
    from kerasgan.drawing import Encoding
    from kerasgan.models import AdversarialModel


@click.command()
@click.argument("model", type=ModelName())
@click.argument("pictures", nargs=-1, required=True, type=FileName())
@label_option(
    "For a conditional model, where it is required unless MODEL drew all PICTURES: the class of "
    "those that it did not draw, by name or number; SET=CLASS where the model has several label "
    "sets."
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
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. A picture that MODEL drew gives the very
    latent it was drawn from, and grid.png:3 that of picture 3 of a grid. The latents of others are
    found by MODEL's encoder or, without one, by gradient descent; the reconstruction error printed
    for each is the mean squared difference of pixels in [0, 1].
    """
    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.drawing import write_latents
    from kerasgan.drawing.encoding import STEPS
    from kerasgan.drawing.latent_files import check_latent_path
    from kerasgan.drawing.named_latents import drawn_latents
    from kerasgan.zoo.loader import open_model

    output = output_file(out, "latents.npy", force=force)
    check_latent_path(output.path)
    loaded = open_model(model, best=best)
    requested = one_label(loaded.condition, labels, model)
    drawn = {path: drawn_latents(loaded, path) for path in pictures}
    found = {path: each.latents[0] for path, each in drawn.items() if each is not None}
    said = dict.fromkeys(found, "the latent it was drawn from")
    if others := [path for path in drawn if path not in found]:
        encoding = _encoded(loaded, others, requested, STEPS if steps is None else steps)
        found |= dict(zip(others, encoding.latents, strict=True))
        errors = zip(others, encoding.errors, strict=True)
        said |= {path: f"reconstruction error {error:.5f}" for path, error in errors}
    for path in pictures:
        click.echo(f"{path}: {said[path]}")
    with output.writing() as written:
        write_latents(np.stack([found[path] for path in pictures]), written)
    click.echo(output.path)


def _encoded(
    model: "AdversarialModel", pictures: Sequence[Path], labels: Any, steps: int
) -> "Encoding":
    import numpy as np

    from kerasgan.drawing import encode
    from kerasgan.drawing.encoding import read_image

    images = np.stack([read_image(path, model) for path in pictures])
    return encode(model, images, labels, steps=steps, progress=True)
