"""`kerasgan sample`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.drawing_options import (
    label_option,
    one_label,
    output_options,
    psi_option,
    size_option,
    upscale_option,
)
from kerasgan.cli.engine import best_option, engine_option, open_to_draw
from kerasgan.cli.parameter_types import (
    FileName,
    IntegerList,
    ModelName,
    RealNumber,
    WholeNumber,
)
from kerasgan.cli.sample_output import check_alone, check_out, draw_again, is_given, save_picks
from kerasgan.files.new_folder import means_folder

if TYPE_CHECKING:
    from kerasgan.drawing import Size
    from kerasgan.zoo.engine import EngineChoice

_EXAMPLES = (
    "\b\nExamples:\n"
    "  kerasgan sample pokemon_wgan --seeds 0-31 --numbers --out grid.png\n"
    "  kerasgan sample --again grid.png --pick 3,7,19 --upscale 4 --out picks\n"
    "  kerasgan morph pokemon_wgan --through picks/latents.json"
)

_NOT_OF_SEEDS = ("count", "seed", "best_of")
_NOT_OF_LATENTS = ("count", "seeds", "truncation", "best_of")
_NOT_OF_EVERY_CLASS = ("count", "seeds", "latent_file", "best_of")


@click.command(epilog=_EXAMPLES)
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
@click.option(
    "--seeds",
    type=IntegerList(),
    help="Draw one picture for each of these seeds, such as 0-31 or 3,7,19, instead of --count "
    "pictures of one seed. A seed always gives the same picture.",
)
@label_option(
    "For a conditional model: the class of all pictures, by name or number; SET=CLASS,SET=CLASS "
    "where the model has several label sets; or all, which draws every class of each set in turn "
    "from the same latents, a row for each.  [default: those in the file of --latents, or random "
    "classes]"
)
@click.option(
    "--stage",
    default=1,
    show_default=True,
    type=WholeNumber(1, 9),
    help="Draw with stage 2 of a two-stage model, which lies beside it as MODEL_stage2.",
)
@click.option(
    "--truncation",
    type=RealNumber(),
    metavar="T",
    help="Keep the latents' values between -T and T, T above 0, as BigGAN's truncation trick does: "
    "smaller values give likelier pictures with less variety; begin at 2.  [default: no limit]",
)
@psi_option
@click.option(
    "--best-of",
    default=1,
    show_default=True,
    metavar="K",
    type=WholeNumber(1, 1_000_000),
    help="Let the critic select each picture from K candidates: of those that it classifies as "
    "the requested class, the most real. To draw from a run's best weights, use --best.",
)
@click.option(
    "--latents",
    "latent_file",
    type=FileName(),
    help="Draw from the latents in this .npy file, or in the latents.json of pictures that you "
    "picked, which also has their classes, instead of random ones.",
)
@click.option(
    "--columns",
    default=8,
    show_default=True,
    type=WholeNumber(1, 1_000_000),
    help="Number of columns of the grid.",
)
@best_option
@click.option("--captions", is_flag=True, help="Write each picture's class beneath it in the grid.")
@click.option(
    "--numbers",
    is_flag=True,
    help="Write each picture's number into its corner in the grid: its seed if --seeds is given, "
    "or else its place, counted from 0.",
)
@click.option(
    "--pick",
    type=IntegerList(),
    help="Write only the pictures with these numbers, such as 3,7,19, into a folder: a .png file "
    "of each, and latents.json, their latents and classes, which morph --through, blend and "
    "--latents take.",
)
@size_option
@upscale_option
@engine_option
@output_options(
    "samples.png",
    "The picture file of a grid, or a folder, for a .png file of each picture. With --pick, a "
    "folder, by default picks.",
)
@click.option(
    "--again",
    metavar="FILE.png",
    type=FileName(),
    help="Draw again what a .png file written by kerasgan shows. Leave out MODEL to use the model "
    "of the zoo that the file names. --pick takes pictures out of a grid.",
)
@click.pass_context
def command(
    context: click.Context,
    model: str | None,
    count: int,
    seed: int | None,
    seeds: tuple[int, ...] | None,
    labels: tuple[str, ...],
    stage: int,
    truncation: float | None,
    psi: float | None,
    best_of: int,
    latent_file: Path | None,
    columns: int,
    best: bool,
    captions: bool,
    numbers: bool,
    pick: tuple[int, ...] | None,
    size: "Size | None",
    upscale: int,
    engine: "EngineChoice",
    out: Path | None,
    again: Path | None,
    force: bool,
) -> None:
    """Draw pictures from MODEL, in a grid or one by one.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Every .png file says what it was drawn
    from, so that --again can draw it again.

    To choose pictures, draw many with --numbers and write the best with --pick.
    """
    if again is not None:
        check_alone(context)
        larger = upscale if is_given(context, "upscale") else None
        draw_again(model, again, pick, larger, engine, out, best=best, force=force)
        return
    if model is None:
        raise click.UsageError("Missing argument 'MODEL'; kerasgan zoo list shows some.")
    every_class = labels == ("all",)
    _check_together(context, every_class=every_class)
    into_folder = pick is not None or (out is not None and means_folder(out))
    of_grids = {
        "--captions": captions,
        "--numbers": numbers,
        "--columns": is_given(context, "columns") and not every_class,
    }
    for option, given in of_grids.items():
        if given and into_folder:
            raise click.UsageError(
                f"{option} needs a grid; give a picture file as --out, without --pick"
            )
    from kerasgan.drawing import sample
    from kerasgan.drawing.any_size.at_size import check_any_size
    from kerasgan.drawing.drawable import own_size
    from kerasgan.drawing.drawn_picture import save_numbered
    from kerasgan.drawing.from_provenance import check_in_memory
    from kerasgan.drawing.latent_files import given_latents
    from kerasgan.errors import UserError

    if stage > 1:
        from kerasgan.zoo import stage_name

        model = str(stage_name(model, stage))
    output = check_out(out, into_folder=into_folder, picks=pick is not None, force=force)
    loaded = open_to_draw(model, engine, best=best)
    if size is not None:
        check_any_size(loaded, model)
    requested = one_label(loaded.condition, () if every_class else labels, model)
    if every_class and not loaded.condition:
        raise UserError(f"{model} has no classes; leave out --label")
    if captions and not loaded.condition:
        raise UserError(f"{model} has no classes; leave out --captions")
    latents = None
    if latent_file is not None:
        latents, requested = given_latents(loaded, latent_file, requested)
    # A grid that is too large is refused before it is drawn.
    shown = len(seeds) if seeds else count if latents is None else len(latents)
    if upscale > 1 and not into_folder and not every_class:
        check_in_memory(loaded, shown, (size or own_size(loaded)).times(upscale))
    drawn = sample(
        loaded,
        columns if every_class else count,
        requested,
        latents=latents,
        seed=seed,
        seeds=seeds,
        truncation=truncation,
        psi=psi,
        best_of=best_of,
        every_class=every_class,
        size=size,
        name=model,
        best=best,
        progress=True,
    )
    if every_class:
        rows = [name for label_set in loaded.condition for name in loaded.class_names[label_set]]
        click.echo("Rows: " + ", ".join(rows))
    if pick is not None:
        save_picks(drawn, pick, upscale, output, force=force)
    elif into_folder:
        with output.writing() as path:
            save_numbered(drawn.pictures(upscale=upscale), len(drawn), path, force=force)
        click.echo(f"{len(drawn)} picture{'s' if len(drawn) > 1 else ''} in {output.path}")
    else:
        picture = drawn.grid(columns, captions=captions, numbers=numbers, upscale=upscale)
        with output.writing() as path:
            picture.save(path)
        click.echo(output.path)


def _check_together(context: click.Context, *, every_class: bool) -> None:
    """Refuses options that exclude each other."""
    excluded = {
        "latent_file": ("--latents draws all latents in the file", _NOT_OF_LATENTS),
        "seeds": ("--seeds draws one picture for each seed", _NOT_OF_SEEDS),
        "truncation": ("--truncation is another way to likelier pictures", ("psi",)),
    }
    if every_class:
        every = "--label all draws --columns pictures of each class from the same latents"
        excluded["labels"] = (every, _NOT_OF_EVERY_CLASS)
    options = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name, (reason, others) in excluded.items():
        for other in others if is_given(context, name) else ():
            if is_given(context, other):
                raise click.UsageError(f"{reason}; leave out {options[other]}")
