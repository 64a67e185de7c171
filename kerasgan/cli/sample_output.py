"""What `kerasgan sample` writes: grids, folders and picked pictures, drawn anew or again."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.drawing_options import output_file
from kerasgan.cli.engine import open_to_draw
from kerasgan.cli.output import Output
from kerasgan.errors import UserError, shortened
from kerasgan.files.new_folder import means_folder

if TYPE_CHECKING:
    from kerasgan.drawing import Samples
    from kerasgan.drawing.drawable import Drawable
    from kerasgan.drawing.engine import EngineName
    from kerasgan.zoo.engine import EngineChoice

_WITH_AGAIN = ("model", "engine", "best", "out", "again", "force", "pick", "upscale")


def save_picks(
    drawn: "Samples", pick: tuple[int, ...], upscale: int, output: Output, *, force: bool
) -> None:
    """Writes picked pictures into a folder, and says where they are."""
    from kerasgan.drawing.latent_files import LATENT_FILE

    with output.writing() as folder:
        drawn.save_picks(pick, folder, upscale=upscale, force=force)
    pictures = f"{len(pick)} picture{'s' if len(pick) > 1 else ''}"
    click.echo(f"{pictures} in {output.path}, with latents in {output.path / LATENT_FILE}")


def check_alone(context: click.Context) -> None:
    """Refuses options that --again would ignore."""
    for parameter in context.command.params:
        if parameter.name not in _WITH_AGAIN and is_given(context, parameter.name):
            raise click.UsageError(
                f"--again takes this from the file; leave out {parameter.opts[0]}"
            )


def is_given(context: click.Context, name: str) -> bool:
    """Tells whether an option is given on the command line."""
    return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def check_out(out: Path | None, *, into_folder: bool, picks: bool, force: bool) -> Output:
    """Returns the output, checked that it can be written."""
    from kerasgan.drawing.drawn_picture import check_numbered_folder
    from kerasgan.drawing.latent_files import LATENT_FILE
    from kerasgan.drawing.picture import picture_format
    from kerasgan.files.atomic import check_writable

    if picks and out is not None and not means_folder(out):
        raise click.UsageError("--pick writes a folder; give one as --out")
    if into_folder:
        output, files = Output(out, "picks"), (LATENT_FILE,) if picks else ()
        check_numbered_folder(output.path, files=files, force=force)
        return output
    output = output_file(out, "samples.png", force=force)
    picture_format(output.path)
    check_writable(output.path.parent)
    return output


def draw_again(
    model: str | None,
    again: Path,
    pick: tuple[int, ...] | None,
    upscale: int | None,
    engine: "EngineChoice",
    out: Path | None,
    *,
    best: bool,
    force: bool,
) -> None:
    """Draws what a file shows once more, or picks pictures out of it.

    Args:
        model: Name of the model; `None` takes the model of the zoo that the file names.
        again: The file.
        pick: The numbers of the pictures to pick; `None` draws all in one file, as it was.
        upscale: How many times as wide and high to make the pictures; `None` is as it was.
        engine: What draws; "auto" is the engine that drew the file.
        out: The file or folder to write.
        best: Whether to draw with a run's best weights even if the file does not say that they
            drew it.
        force: Whether to replace files that kerasgan did not write.
    """
    import msgspec

    from kerasgan.drawing import draw_again_to_file, read_provenance
    from kerasgan.drawing.from_provenance import (
        OtherWeights,
        check_is_still,
        check_source,
        other_weights,
    )
    from kerasgan.drawing.metadata import check_plausible
    from kerasgan.drawing.picture import picture_format
    from kerasgan.drawing.samples import samples_again
    from kerasgan.drawing.untrained.random_cppn_name import is_random_cppn
    from kerasgan.zoo import entries

    provenance = read_provenance(again)
    check_is_still(provenance)
    if model is None and not provenance.model:
        raise UserError(f"{again} does not name its model; give it before --again")
    # A random CPPN is its name, and opens no file.
    safe = is_random_cppn(provenance.model) or entries.is_shipped(provenance.model)
    if model is None and not safe:
        # A stranger's file may name any folder, which is not opened without the user's word.
        command = _command(provenance.model, again, pick, upscale, out)
        raise UserError(
            f"{again} names the model {shortened(provenance.model)!r}, which is not in the zoo; if "
            f"you trust it, give it: {command}"
        )
    if pick is not None:
        output = check_out(out, into_folder=True, picks=True, force=force)
    else:
        out = out / again.name if out is not None and means_folder(out) else out
        output = output_file(out, "samples.png", force=force)
        picture_format(output.path)
    given, model = model, model or provenance.model
    # An entry that was exported from the best weights has no others.
    best = best or (provenance.best and entries.run_of(model) is not None)
    loaded = _open_again(model, again, provenance.engine, engine, best=best)
    try:
        check_source(loaded, provenance)
    except OtherWeights:
        if given is not None and provenance.model not in ("", given):
            way = f"leave out {given}" if safe else f"give that instead of {given}"
            raise UserError(
                f"{again} was drawn by {shortened(provenance.model)}, and {given} has other "
                f"weights; {way}"
            ) from None
        options = _options(pick, upscale, out)
        may_train = entries.run_of(model) is not None
        raise other_weights(provenance, options=options, may_train=may_train) from None
    check_plausible(again, loaded, provenance)
    if upscale is not None:
        provenance = msgspec.structs.replace(provenance, upscale=upscale)
    if pick is not None:
        drawn = samples_again(loaded, provenance)
        save_picks(drawn, pick, provenance.upscale, output, force=force)
    else:
        with output.writing() as path:
            draw_again_to_file(loaded, provenance, path, progress=True)
        click.echo(output.path)


def _options(pick: tuple[int, ...] | None, upscale: int | None, out: Path | None) -> list[str]:
    """Returns the options of a command that takes the same pictures."""
    options = [] if pick is None else ["--pick", ",".join(map(str, pick))]
    options += [] if upscale is None else ["--upscale", str(upscale)]
    return options + ([] if out is None else ["--out", str(out)])


def _command(
    model: str,
    again: Path,
    pick: tuple[int, ...] | None,
    upscale: int | None,
    out: Path | None,
) -> str:
    """Returns the command that draws a file again with a model that it names, if that is here."""
    from kerasgan.zoo.entries import is_model

    named = model if is_model(model) else "MODEL"
    return shlex.join(
        ["kerasgan", "sample", named, "--again", str(again), *_options(pick, upscale, out)]
    )


def _open_again(
    model: str, again: Path, drawn_by: "EngineName", engine: "EngineChoice", *, best: bool
) -> "Drawable":
    """Loads a model with the engine that drew a file, unless another is requested.

    A model without files for LiteRT is drawn by TensorFlow, and it is said what may differ.
    """
    if drawn_by == "numpy":
        return open_to_draw(model, engine, best=best)
    if engine == "auto":
        try:
            return open_to_draw(model, drawn_by, best=best)
        except UserError as error:
            if drawn_by == "tensorflow":
                raise
            from kerasgan.zoo.page_models import litert_folder

            if litert_folder(model) is None:
                # The explorer's page draws by LiteRT what it converted itself.
                return _open_again(model, again, drawn_by, "tensorflow", best=best)
            raise UserError(f"{again} was drawn by LiteRT. {error}") from None
    if engine != drawn_by:
        click.echo(
            f"{engine} draws what {drawn_by} drew: pixels may differ by 3 grey levels of 255",
            err=True,
        )
    return open_to_draw(model, engine, best=best)
