"""`kerasgan sample`."""

from pathlib import Path

import click

from kerasgan.cli.drawing_options import label_option, one_label, output_file, output_options
from kerasgan.cli.parameter_types import FileName, ModelName, RealNumber, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.new_folder import means_folder
from kerasgan.shortened import shortened


@click.command()
@click.argument("model", required=False, type=ModelName())
@click.option(
    "--count",
    default=32,
    show_default=True,
    type=WholeNumber(1, 100_000),
    help="Number of pictures; with --label all, --columns pictures of each class instead.",
)
@click.option(
    "--seed", type=WholeNumber(), help="Random seed of the latents.  [default: a new one each time]"
)
@label_option(
    "For a conditional model: the class of all pictures, by name or number; SET=CLASS where the "
    "model has several label sets; or all, which draws every class from the same latents, a row "
    "for each.  [default: random classes]"
)
@click.option(
    "--truncation",
    type=RealNumber(),
    metavar="T",
    help="Keep the latents' values between -T and T, T above 0: smaller values give likelier "
    "pictures with less variety.  [default: no limit]",
)
@click.option(
    "--best-of",
    default=1,
    show_default=True,
    metavar="K",
    type=WholeNumber(1, 1_000_000),
    help="Let the critic select each picture from K candidates: of those that it classifies as "
    "the requested class, the most real.",
)
@click.option(
    "--latents",
    "latent_file",
    type=FileName(),
    help="Draw from the latents in this .npy file instead of random ones.",
)
@click.option(
    "--columns",
    default=8,
    show_default=True,
    type=WholeNumber(1, 1_000_000),
    help="Number of columns of the grid.",
)
@click.option(
    "--best",
    is_flag=True,
    help="Draw from a run's weights with the smallest Fréchet distance, not from its newest.",
)
@click.option("--captions", is_flag=True, help="Write each picture's class beneath it in the grid.")
@output_options(
    "samples.png", "The picture file of a grid, or a folder, for a .png file of each picture."
)
@click.option(
    "--again",
    metavar="FILE.png",
    type=FileName(),
    help="Draw again what a .png file written by kerasgan shows. Leave out MODEL to use the model "
    "of the zoo that the file names.",
)
@click.pass_context
def command(
    context: click.Context,
    model: str | None,
    count: int,
    seed: int | None,
    labels: tuple[str, ...],
    truncation: float | None,
    best_of: int,
    latent_file: Path | None,
    columns: int,
    best: bool,
    captions: bool,
    out: Path | None,
    again: Path | None,
    force: bool,
) -> None:
    """Draw pictures from MODEL, in a grid or one by one.

    MODEL is the name of a model in the zoo, the folder of a zoo entry or a run folder. Every .png
    file says what it was drawn from, so that --again can draw it again.
    """
    if again is not None:
        _check_alone(context)
        click.echo(_draw_again(model, again, out, force=force))
        return
    if model is None:
        raise click.UsageError("Missing argument 'MODEL'.")
    if latent_file is not None and _is_given(context, "count"):
        raise click.UsageError("--latents draws all latents in the file; leave out --count")
    every_class = labels == ("all",)
    if every_class and _is_given(context, "count"):
        raise click.UsageError(
            "--label all draws --columns pictures of each class; leave out --count"
        )
    if captions and out is not None and means_folder(out):
        raise click.UsageError("--captions needs a grid; give a picture file as --out")
    import_tensorflow_quietly()
    from kerasgan.drawing import read_latents, sample
    from kerasgan.drawing.drawn_picture import save_numbered
    from kerasgan.errors import UserError
    from kerasgan.zoo.loader import open_model

    out, into_folder = _check_out(out, force=force)
    loaded = open_model(model, best=best)
    requested = one_label(loaded.condition, () if every_class else labels, model)
    if every_class and not loaded.condition:
        raise UserError(f"{model} has no classes; leave out --label")
    if captions and not loaded.condition:
        raise UserError(f"{model} has no classes; leave out --captions")
    latents = None if latent_file is None else read_latents(latent_file, loaded.latent_dim)
    try:
        drawn = sample(
            loaded,
            columns if every_class else count,
            requested,
            latents=latents,
            seed=seed,
            truncation=truncation,
            best_of=best_of,
            every_class=every_class,
            name=model,
            progress=True,
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    if every_class:
        click.echo("Rows: " + ", ".join(loaded.class_names[loaded.condition[0]]))
    if into_folder:
        save_numbered(drawn.pictures(), len(drawn), out, force=force)
        click.echo(f"{len(drawn)} pictures in {out}")
    else:
        click.echo(drawn.grid(columns, captions=captions).save(out))


def _check_alone(context: click.Context) -> None:
    """Refuses options that --again would ignore."""
    for parameter in context.command.params:
        allowed = parameter.name in ("model", "out", "again", "force")
        if not allowed and _is_given(context, parameter.name):
            raise click.UsageError(
                f"--again takes this from the file; leave out {parameter.opts[0]}"
            )


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def _check_out(out: Path | None, *, force: bool) -> tuple[Path, bool]:
    """Returns the output, checked that it can be written, and whether it is a folder."""
    from kerasgan.drawing.drawn_picture import check_numbered_folder
    from kerasgan.drawing.picture import picture_format
    from kerasgan.files import check_writable

    if out is not None and means_folder(out):
        return check_numbered_folder(out, force=force), True
    out = output_file(out, "samples.png", force=force)
    picture_format(out)
    check_writable(out.parent)
    return out, False


def _draw_again(model: str | None, again: Path, out: Path | None, *, force: bool) -> Path:
    import_tensorflow_quietly()
    from kerasgan.drawing import draw_again_to_file, read_provenance
    from kerasgan.drawing.from_provenance import check_source
    from kerasgan.drawing.metadata import check_plausible
    from kerasgan.drawing.picture import picture_format
    from kerasgan.errors import UserError
    from kerasgan.zoo import entries, loader

    provenance = read_provenance(again)
    if model is None and not provenance.model:
        raise UserError(f"{again} does not name its model; give it before --again")
    if model is None and not entries.is_shipped(provenance.model):
        # A stranger's file may name any folder, which is not opened without the user's word.
        raise UserError(
            f"{again} names the model {shortened(provenance.model)!r}, which is not in the "
            f"zoo; if you trust it, give it: kerasgan sample MODEL --again {again}"
        )
    out = out / again.name if out is not None and means_folder(out) else out
    out = output_file(out, "samples.png", force=force)
    picture_format(out)
    loaded = loader.open_model(model or provenance.model)
    check_source(loaded, provenance)
    check_plausible(again, loaded, provenance)
    return draw_again_to_file(loaded, provenance, out, progress=True)
