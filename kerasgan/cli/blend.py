"""`kerasgan blend`."""

from pathlib import Path

import click

from kerasgan.cli.file_name import FileName, ModelName
from kerasgan.cli.labels import one_label
from kerasgan.cli.output import output_file, output_options
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.cli.size import PictureSize

_EXAMPLES = '\b\nkerasgan blend pokemon_wgan "A + (B - C) / 2" A=2 B=9 C=0'


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=ModelName())
@click.argument("expression")
@click.argument("operands", nargs=-1, metavar="NAME=LATENT...")
@click.option("--label", "labels", multiple=True, metavar="CLASS", help="Of a conditional model.")
@click.option("--size", type=PictureSize(), help="In pixels, of a CPPN.")
@click.option(
    "--show-operands", is_flag=True, help="Draw the operands too, in a row before the result."
)
@click.option("--latent-out", type=FileName(), help="Write the latent to a .npy file.")
@output_options("blend.png", "A picture file.")
def command(
    model: str,
    expression: str,
    operands: tuple[str, ...],
    labels: tuple[str, ...],
    size: tuple[int, int] | None,
    show_operands: bool,
    latent_out: Path | None,
    out: Path | None,
    force: bool,
) -> None:
    """Draw what EXPRESSION, such as "A + (B - C)", comes to in the latents of MODEL.

    A LATENT is a seed (7), a number of a seed (7:3, the latent seed in a .png that kerasgan
    drew), a .npy file of one, or a picture: one that MODEL drew gives its latent, any other is
    encoded. The expression has names, numbers, + - * /, parentheses, lerp(A, B, 0.5) and
    slerp(A, B, 0.5).
    """
    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.drawing.any_size.any_size import check_any_size
    from kerasgan.drawing.blend import blend
    from kerasgan.drawing.latent_files import check_latent_path, write_latents
    from kerasgan.drawing.operand import read_operand
    from kerasgan.drawing.overwriting import check_overwrite
    from kerasgan.drawing.picture_format import picture_format
    from kerasgan.drawing.sample import sample
    from kerasgan.errors import UserError
    from kerasgan.files import check_writable
    from kerasgan.zoo.loader import open_model

    named = _named(operands)
    out = output_file(out, "blend.png", force=force)
    picture_format(out)
    if latent_out is not None:
        check_latent_path(latent_out)
        check_overwrite(latent_out, force=force)
    check_writable(out.parent)
    loaded = open_model(model)
    if size is not None:
        check_any_size(loaded, model)
    asked = one_label(loaded.condition, labels, model)
    # What is wrong with the expression is said before pictures are encoded.
    blend(expression, dict.fromkeys(named, np.zeros(loaded.latent_dim)))
    try:
        latents = {
            name: read_operand(loaded, text, asked, progress=True) for name, text in named.items()
        }
        result = blend(expression, latents)
        shown = [*latents.values(), result] if show_operands else [result]
        drawn = sample(
            loaded,
            labels=asked,
            latents=np.stack(shown),
            size=None if size is None else size[::-1],
            expression=f"{expression} with {', '.join(operands)}",
            name=model,
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    if latent_out is not None:
        click.echo(write_latents(result[np.newaxis], latent_out))
    click.echo(drawn.grid(len(drawn)).save(out))


def _named(operands: tuple[str, ...]) -> dict[str, str]:
    """Returns what stands for each name."""
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
