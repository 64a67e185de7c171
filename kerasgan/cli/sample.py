"""`kerasgan sample`."""

from pathlib import Path

import click

from kerasgan.cli.file_name import FileName, ModelName
from kerasgan.cli.labels import one_label
from kerasgan.cli.numbers import RealNumber, WholeNumber
from kerasgan.cli.output import output_file, output_options
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
    help="Pictures; --label all draws a row of --columns for each class instead.",
)
@click.option("--seed", type=WholeNumber(), help="Of the latents.  [default: a new one each time]")
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="CLASS",
    help="Of a conditional model: a class by name or number, SET=CLASS where there are several "
    "label sets, or all: every class from the same latents, a row for each.",
)
@click.option(
    "--truncation",
    type=RealNumber(),
    metavar="T",
    help="Keep latents within -T and T: likelier pictures of fewer kinds.",
)
@click.option(
    "--best-of",
    default=1,
    metavar="K",
    type=WholeNumber(1, 1_000_000),
    help="Let the critic choose each picture among K: those it takes for the class, and of these "
    "the most real.",
)
@click.option(
    "--latents",
    "latent_file",
    type=FileName(),
    help="Draw from the latents in a .npy file.",
)
@click.option(
    "--columns",
    default=8,
    show_default=True,
    type=WholeNumber(1, 1_000_000),
    help="Of the grid.",
)
@click.option("--captions", is_flag=True, help="Write each picture's class beneath it, in a grid.")
@output_options("samples.png", "A picture file for one grid, or a folder for a file per picture.")
@click.option(
    "--again",
    metavar="FILE.png",
    type=FileName(),
    help="Draw again what a .png that kerasgan drew shows, by the model of the zoo that it names "
    "or by MODEL.",
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
    captions: bool,
    out: Path | None,
    again: Path | None,
    force: bool,
) -> None:
    """Draw pictures from MODEL: a name of the zoo, a zoo entry's folder or a run folder.

    Every .png says what it was drawn from, and --again draws it once more.
    """
    if again is not None:
        _check_alone(context)
        click.echo(_draw_again(model, again, out, force=force))
        return
    if model is None:
        raise click.UsageError("Missing argument 'MODEL'.")
    if latent_file is not None and _is_given(context, "count"):
        raise click.UsageError("--latents draws all that the file holds; leave out --count")
    every_class = labels == ("all",)
    if every_class and _is_given(context, "count"):
        raise click.UsageError(
            "--label all draws --columns pictures of each class; leave out --count"
        )
    if captions and out is not None and means_folder(out):
        raise click.UsageError("--captions are of a grid; give a picture file as --out")
    import_tensorflow_quietly()
    from kerasgan.drawing import read_latents, sample
    from kerasgan.drawing.numbered_files import save_numbered
    from kerasgan.errors import UserError
    from kerasgan.zoo.loader import open_model

    out, into_folder = _check_out(out, force=force)
    loaded = open_model(model)
    asked = one_label(loaded.condition, () if every_class else labels, model)
    if every_class and not loaded.condition:
        raise UserError(f"{model} knows no classes; leave out --label")
    if captions and not loaded.condition:
        raise UserError(f"{model} knows no classes; leave out --captions")
    latents = None if latent_file is None else read_latents(latent_file, loaded.latent_dim)
    try:
        drawn = sample(
            loaded,
            columns if every_class else count,
            asked,
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
    """Refuses options that --again would not heed."""
    for parameter in context.command.params:
        heeded = parameter.name in ("model", "out", "again", "force")
        if not heeded and _is_given(context, parameter.name):
            raise click.UsageError(
                f"--again draws what the file says; leave out {parameter.opts[0]}"
            )


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def _check_out(out: Path | None, *, force: bool) -> tuple[Path, bool]:
    """Returns the output and whether it is a folder, once it is clear that it can be written."""
    from kerasgan.drawing.numbered_files import check_numbered_folder
    from kerasgan.drawing.picture_format import picture_format
    from kerasgan.files import check_writable

    if out is not None and means_folder(out):
        return check_numbered_folder(out, force=force), True
    out = output_file(out, "samples.png", force=force)
    picture_format(out)
    check_writable(out.parent)
    return out, False


def _draw_again(model: str | None, again: Path, out: Path | None, *, force: bool) -> Path:
    import_tensorflow_quietly()
    from kerasgan.drawing import read_provenance, redraw_to_file
    from kerasgan.drawing.picture_format import picture_format
    from kerasgan.drawing.plausible import check_plausible
    from kerasgan.drawing.redraw import check_source
    from kerasgan.errors import UserError
    from kerasgan.zoo import entries, loader

    provenance = read_provenance(again)
    if model is None and not provenance.model:
        raise UserError(f"{again} does not name its model; give it before --again")
    if model is None and not entries.is_shipped(provenance.model):
        # A folder that a stranger's file names is not opened unasked.
        raise UserError(
            f"{again} names the model {shortened(provenance.model)!r}, which is none of the zoo's; "
            f"if you trust it, give it: kerasgan sample MODEL --again {again}"
        )
    out = out / again.name if out is not None and means_folder(out) else out
    out = output_file(out, "samples.png", force=force)
    picture_format(out)
    drawing = loader.open_model(model or provenance.model)
    check_source(drawing, provenance)
    check_plausible(again, drawing, provenance)
    return redraw_to_file(drawing, provenance, out, progress=True)
