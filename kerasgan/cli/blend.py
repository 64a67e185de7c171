"""`kerasgan blend`."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kerasgan.cli.drawing_options import (
    label_option,
    one_label,
    output_file,
    output_options,
    size_option,
    upscale_option,
)
from kerasgan.cli.engine import best_option, engine_option, open_to_draw
from kerasgan.cli.parameter_types import FileName, ModelName

if TYPE_CHECKING:
    from kerasgan.drawing import Size
    from kerasgan.drawing.drawable import Drawable
    from kerasgan.drawing.labelled_latents import LabelledLatents
    from kerasgan.zoo.engine import EngineChoice

_EXAMPLES = '\b\nExample:\n  kerasgan blend pokemon_wgan "A + (B - C) / 2" A=2 B=9 C=0'


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=ModelName())
@click.argument("expression")
@click.argument("operands", nargs=-1, metavar="NAME=LATENT...")
@label_option(
    "For a conditional model: the class of all pictures, by name or number; SET=CLASS where the "
    "model has several label sets. It is required where a picture is encoded.  [default: those of "
    "the operands, where latents.json or a picture that MODEL drew says them, mixed as the latents "
    "are; or random classes]"
)
@size_option
@upscale_option
@click.option(
    "--show-operands", is_flag=True, help="Draw the operands too, in a row before the result."
)
@click.option(
    "--latent-out", type=FileName(), help="Also write the resulting latent to this .npy file."
)
@best_option
@engine_option
@output_options("blend.png", "The picture file to write.")
def command(
    model: str,
    expression: str,
    operands: tuple[str, ...],
    labels: tuple[str, ...],
    size: "Size | None",
    upscale: int,
    show_operands: bool,
    latent_out: Path | None,
    best: bool,
    engine: "EngineChoice",
    out: Path | None,
    force: bool,
) -> None:
    """Draw the result of EXPRESSION, such as "A + (B - C)", on latents of MODEL.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. An expression consists of names,
    numbers, + - * /, parentheses, lerp(A, B, 0.5) and slerp(A, B, 0.5).

    Each LATENT is a seed (7, its first latent), a numbered latent of a seed (7:3, the "Latent
    seed" in a .png that kerasgan drew), a .npy file of one latent, a latent of the pictures that
    you picked (picks/latents.json:3), or a picture. A picture that MODEL drew gives its latent, and
    grid.png:3 that of picture 3 of a grid; any other picture is encoded.
    """
    import numpy as np

    from kerasgan.drawing import blend, sample
    from kerasgan.drawing.any_size.at_size import check_any_size
    from kerasgan.drawing.latent_files import check_latent_path, latents_file
    from kerasgan.drawing.named_latents import find_latents
    from kerasgan.drawing.overwriting import check_overwrite
    from kerasgan.drawing.picture import picture_format
    from kerasgan.files.atomic import check_writable

    named = _named(operands)
    output = output_file(out, "blend.png", force=force)
    picture_format(output.path)
    if latent_out is not None:
        check_latent_path(latent_out)
        check_overwrite(latent_out, force=force)
    check_writable(output.path.parent)
    loaded = open_to_draw(model, engine, best=best)
    if size is not None:
        check_any_size(loaded, model)
    requested = one_label(loaded.condition, labels, model)
    # Errors in the expression are reported before pictures are encoded, which takes a while.
    blend(expression, dict.fromkeys(named, np.zeros(loaded.latent_dim)))
    found = {
        name: find_latents(loaded, text, requested, progress=True).only()
        for name, text in named.items()
    }
    latents = {name: each.latents[0] for name, each in found.items()}
    result = blend(expression, latents)
    shown = [*latents.values(), result] if show_operands else [result]
    drawn = sample(
        loaded,
        labels=_labels(loaded, expression, found, requested or {}, show_operands=show_operands),
        latents=np.stack(shown),
        size=size,
        expression=f"{expression} with {', '.join(operands)}",
        name=model,
        best=best,
    )
    picture = drawn.grid(len(drawn), upscale=upscale)
    with output.writing() as path, contextlib.ExitStack() as stack:
        if latent_out is not None:
            stack.enter_context(latents_file(result[np.newaxis], latent_out))
        picture.save(path)
    if latent_out is not None:
        click.echo(latent_out)
    click.echo(output.path)


def _labels(
    model: "Drawable",
    expression: str,
    found: "dict[str, LabelledLatents]",
    given: dict[str, str | int],
    *,
    show_operands: bool,
) -> dict | None:
    """Returns the labels of what is drawn: those given, and the operands' own of other label sets.

    An operand that does not say its class is drawn in that of the result.
    """
    from kerasgan.drawing import blend_labels

    own = {
        operand: {name: labels[0] for name, labels in each.classes_for(model, given).items()}
        for operand, each in found.items()
    }
    labels: dict[str, Any] = dict(given)
    for name, label in blend_labels(expression, own).items():
        operands = [classes.get(name, label) for classes in own.values()]
        labels[name] = [*operands, label] if show_operands else [label]
    return labels or None


def _named(operands: tuple[str, ...]) -> dict[str, str]:
    """Returns the text of each operand by its name."""
    named = {}
    for operand in operands:
        name, equals, text = operand.partition("=")
        if not equals or not name.isidentifier() or not text:
            raise click.BadParameter(
                f"Write NAME=LATENT, such as A=7 or B=face.png. Received: {operand!r}"
            )
        if name in named:
            raise click.BadParameter(f"{name} is given twice")
        named[name] = ModelName()(text)
    return named
