"""`kerasgan data preview`."""

import hashlib
import json
from pathlib import Path

import click

from kerasgan.cli.drawing_options import output_options
from kerasgan.cli.parameter_types import FileName, ModelName, RealNumber, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.cli.recipe_options import overrides_option, recipe_path
from kerasgan.data.own_grids import PREVIEW

# How a preview says what was done to pictures that are not square.
_FITTED = {"pad": "padded to", "crop": "cropped to", "squash": "squashed to"}
# What a recipe decides.
_OF_RECIPES = {"image_size", "channels", "fit", "background", "split", "balanced"}
_OF_RECIPES |= {"flip_horizontal", "flip_vertical", "shift", "random_crop"}
# The options that do not matter to which command wrote a preview.
_NOT_SHOWN = {"list_files", "list_left_out", "out", "force"}


@click.command()
@click.argument("source", required=False, type=ModelName())
@click.option(
    "--recipe",
    type=ModelName(),
    metavar="RECIPE",
    help="Show what this recipe trains on: its size, fit and augmentation.",
)
@overrides_option
@click.option(
    "--image-size",
    default=64,
    show_default=True,
    type=WholeNumber(1),
    help="Side of the images in pixels.",
)
@click.option(
    "--channels",
    default="3",
    show_default=True,
    type=click.Choice(["1", "3"]),
    help="3 for colour, 1 for grey.",
)
@click.option(
    "--fit",
    default="pad",
    show_default=True,
    metavar="pad|crop|squash",
    help="How images become square.",
)
@click.option(
    "--background",
    default="white",
    show_default=True,
    metavar="COLOUR",
    help="Colour behind transparency and padding.",
)
@click.option(
    "--split",
    default="train",
    show_default=True,
    metavar="NAME",
    help="Split of a TFDS data set, or a folder of that name.",
)
@click.option("--data", type=FileName(), help="Folder or file of the images.")
@click.option("--balanced", metavar="SET", help="Label set whose classes appear equally often.")
@click.option("--flip-horizontal", is_flag=True, help="Flip half of the images left to right.")
@click.option("--flip-vertical", is_flag=True, help="Flip half of the images upside down.")
@click.option(
    "--shift",
    default=0.0,
    show_default=True,
    type=RealNumber(),
    help="Largest shift, as a fraction of the side.",
)
@click.option(
    "--random-crop",
    type=WholeNumber(1),
    help="Side of a square that is cropped at random, in pixels.",
)
@click.option(
    "--count", default=32, show_default=True, type=WholeNumber(1), help="Number of images."
)
@click.option(
    "--seed",
    type=WholeNumber(),
    help="Seed of the order and the augmentation.  [default: the recipe's, or 0]",
)
@click.option(
    "--list-files",
    is_flag=True,
    help="Name the file of each picture, with its row and column, counted from the upper left "
    "corner.",
)
@click.option("--list-left-out", is_flag=True, help="Name every file that is left out.")
@output_options(
    "preview.png",
    "A picture file. Without this option, the same command replaces its own earlier preview.",
)
def preview(
    source: str | None,
    recipe: str | None,
    overrides: tuple[str, ...],
    image_size: int,
    channels: str,
    fit: str,
    background: str,
    split: str,
    data: Path | None,
    balanced: str | None,
    flip_horizontal: bool,
    flip_vertical: bool,
    shift: float,
    random_crop: int | None,
    count: int,
    seed: int | None,
    list_files: bool,
    list_left_out: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Show a grid of training images of SOURCE, as a model sees them.

    SOURCE is a folder or zip of images, tfds:NAME, or a name that `kerasgan data list` shows; for a
    name, --data says where its files are, unless a folder or zip is called so. With --recipe, pass
    the folder or zip to train on as SOURCE or by --data.
    """
    _check_preview(source, recipe, data)
    import_tensorflow_quietly()
    from kerasgan.data import Augmentation, load_images
    from kerasgan.data.image_set import advice_on_count
    from kerasgan.data.label_summary import label_summary
    from kerasgan.data.skipped import skipped_list, skipped_summary
    from kerasgan.data.source_preview import preview_source
    from kerasgan.drawing import grid, save_picture
    from kerasgan.drawing.image_grid import square_columns
    from kerasgan.drawing.overwriting import check_overwrite
    from kerasgan.drawing.picture import picture_format
    from kerasgan.errors import shortened_message
    from kerasgan.recipes import read_recipe
    from kerasgan.recipes.recipe_preview import preview_recipe

    written_by = _digest(click.get_current_context())
    out = check_overwrite(_own_name(written_by) if out is None else out, force=force)
    picture_format(out)
    _check_apart(out, source if recipe is None else data or source)
    changes = []
    if recipe is not None:
        chosen = read_recipe(recipe_path(recipe), overrides)
        path = data if source is None else Path(source)
        fit, image_size = chosen.data.fit, chosen.data.image_size
        seen = preview_recipe(
            chosen, path, count=count, seed=seed, name_files=list_files, progress=True
        )
        shown, images, changes = seen.shown, seen.images, seen.changes
    else:
        assert source is not None
        kind, path = _kind_and_path(source, data)
        augmentation = Augmentation(
            flip_horizontal=flip_horizontal,
            flip_vertical=flip_vertical,
            shift=shift,
            random_crop=random_crop,
        )
        images = load_images(
            kind,
            path=path,
            image_size=image_size,
            channels=int(channels),
            fit=fit,
            background=background,
            split=split,
            progress=True,
        )
        shown = preview_source(
            images,
            kind,
            path=path,
            split=split,
            fit=fit,
            augmentation=augmentation,
            balanced=balanced,
            count=count,
            seed=seed or 0,
            name_files=list_files,
        )
    columns, replaced = square_columns(count), out.exists()
    save_picture(grid(shown.pictures, columns=columns), out, text={PREVIEW: written_by})
    click.echo(
        f"{len(images)} images, {len(images.skipped)} left out, {_FITTED[fit]} "
        f"{image_size}x{image_size}; preview in {out}"
        + (", which replaces the file that was there" if replaced else "")
    )
    for place, name in enumerate(shown.files):
        row, column = divmod(place, columns)
        printable = name if name.isprintable() else repr(name)
        click.echo(f"row {row + 1}, column {column + 1}: {printable}")
    for line in [*label_summary(images), *advice_on_count(len(images)), *shown.remarks]:
        click.echo(line)
    for change in changes:
        click.echo(f"Changed for these data: {shortened_message(change)}", err=True)
    if list_left_out:
        lines = skipped_list(images.skipped)
    else:
        lines = skipped_summary(images.skipped, "by --list-left-out")
    for line in lines:
        click.echo(line, err=True)


def _kind_and_path(source: str, data: Path | None) -> tuple[str, Path | None]:
    """Returns the source and the path of `load_images`; what is there goes before a name."""
    from kerasgan.data.sources.catalog import how_to_get, is_downloaded
    from kerasgan.data.sources.recognition import recognized_source
    from kerasgan.errors import UserError

    path = Path(source)
    if data is not None:
        return source, data
    if path.exists():
        return recognized_source(path, "images"), path
    if is_downloaded(source):
        return source, None
    if how := how_to_get(source):
        raise UserError(
            f'the data set "{source}" must be on this machine: pass --data with its folder or '
            f"file. {how}"
        )
    return recognized_source(path, "images"), path


def _digest(context: click.Context) -> str:
    """Returns a digest of what a command shows: its arguments, without those of its output."""
    shown = {name: value for name, value in context.params.items() if name not in _NOT_SHOWN}
    text = json.dumps(shown, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _own_name(written_by: str) -> Path:
    """Returns the name of the preview that the same command wrote before, or else a free one."""
    from kerasgan.drawing.overwriting import free_name, signed_text

    return free_name(
        "preview.png", replaceable=lambda file: signed_text(file, PREVIEW) == written_by
    )


def _check_apart(out: Path, pictures: str | Path | None) -> None:
    """Refuses a preview among the pictures that it shows: it would become one of them."""
    from kerasgan.errors import UserError
    from kerasgan.files.new_folder import lies_in

    if pictures is not None and Path(pictures).is_dir() and lies_in(out, pictures):
        raise UserError(
            f"{out} would lie among the pictures of {pictures} and become one of them; "
            "pass --out with a file elsewhere"
        )


def _check_preview(source: str | None, recipe: str | None, data: Path | None) -> None:
    """Checks that the arguments of `preview` belong together."""
    if recipe is None:
        if source is None:
            raise click.UsageError("Pass a SOURCE, such as a folder of images, or --recipe.")
        if overridden := click.get_current_context().params["overrides"]:
            raise click.UsageError(f"--set needs --recipe. Received: --set {overridden[0]}")
        return
    if source is not None and data is not None:
        raise click.UsageError(f"Pass SOURCE or --data, not both. Received: {source} and {data}")
    context = click.get_current_context()
    for name in sorted(_OF_RECIPES):
        if context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--{name.replace('_', '-')} is decided by the recipe: leave it out, or override "
                "the recipe's key with --set"
            )
