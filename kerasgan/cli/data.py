"""`kerasgan data`."""

import shlex
from pathlib import Path

import click

from kerasgan.cli.drawing_options import output_file, output_options
from kerasgan.cli.parameter_types import FileName, ModelName, RealNumber, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly

_NAMED_PROBLEMS = 10
# How a preview says what was done to pictures that are not square.
_FITTED = {"pad": "padded to", "crop": "cropped to", "squash": "squashed to"}
_FEW = 100
# What a recipe decides.
_OF_RECIPES = {"image_size", "channels", "fit", "background", "split", "balanced"}
_OF_RECIPES |= {"flip_horizontal", "flip_vertical", "shift", "random_crop"}
_MOST_DIGITS = 9


@click.group()
def command() -> None:
    """List, prepare and preview training images."""


@command.command("list")
def list_() -> None:
    """List the data sets, their recipes and where to get them."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from kerasgan.data.sources.catalog import DATA_SETS
    from kerasgan.recipes.shipped import recipes_on

    columns = ("name", "what it is", "images", "label sets")
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for each in DATA_SETS:
        table.add_row(each.name, each.what, each.size, each.labels)
    Console(markup=False, highlight=False).print(table)
    for each in DATA_SETS:
        click.echo(each.name)
        click.echo(f"  from:    {each.get}")
        if recipes := recipes_on(each.name):
            click.echo(f"  recipes: {', '.join(recipes)}")


@command.command()
@click.argument("name")
@click.option("--data", type=FileName(), help="Folder or file of NAME's original files.")
@click.option("--out", type=FileName(), help="Folder for the prepared data set.")
@click.option(
    "--characters",
    help="For casia: the characters, or how many in the order of GB2312.  [default: all Chinese "
    "characters]",
)
def prepare(name: str, data: Path | None, out: Path | None, characters: str | None) -> None:
    """Download, convert or check the data set NAME.

    NAME is a name that `kerasgan data list` shows, or tfds:NAME for another data set of TensorFlow
    Datasets.
    """
    from kerasgan.data.prepare import prepare as prepare_data_set
    from kerasgan.data.sources.catalog import is_downloaded
    from kerasgan.recipes.shipped import recipes_on

    if is_downloaded(name):
        import_tensorflow_quietly()
    chosen: int | str | None = characters
    if characters and characters.isdecimal() and len(characters) <= _MOST_DIGITS:
        chosen = int(characters)
    prepared = prepare_data_set(name, data=data, out=out, characters=chosen, progress=True)
    for problem in prepared.problems[:_NAMED_PROBLEMS]:
        click.echo(f"Skipped {problem}", err=True)
    if (more := len(prepared.problems) - _NAMED_PROBLEMS) > 0:
        click.echo(f"Skipped {more:,} more", err=True)
    place = f" in {prepared.path}" if prepared.path else ""
    click.echo(f"{prepared.contents}{place}, {len(prepared.problems):,} skipped")
    option = f" --data {shlex.quote(str(prepared.path))}" if prepared.path else ""
    for recipe in recipes_on(name):
        click.echo(f"kerasgan train {recipe}{option}")


@command.command()
@click.argument("source", required=False, type=ModelName())
@click.option(
    "--recipe",
    type=ModelName(),
    help="Show what this recipe trains on: its size, fit and augmentation.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    help="Override a key of the recipe. It can be given several times.",
)
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
    "--fit", default="pad", show_default=True, help="How images become square: pad, crop or squash."
)
@click.option(
    "--background",
    default="white",
    show_default=True,
    help="Colour behind transparency and padding.",
)
@click.option(
    "--split",
    default="train",
    show_default=True,
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
@click.option("--list-left-out", is_flag=True, help="Name every file that is left out.")
@output_options("preview.png", "A picture file.")
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
    list_left_out: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Show a grid of training images of SOURCE, as a model sees them.

    SOURCE is a folder or zip of images, tfds:NAME, or a name that `kerasgan data list` shows; for
    those, --data says where the files are. With --recipe, SOURCE or --data is the folder or zip
    that would be trained on.
    """
    _check_preview(source, recipe, data)
    import_tensorflow_quietly()
    from kerasgan.data import Augmentation, load_images
    from kerasgan.data.preview import preview as preview_images
    from kerasgan.data.skipped import skipped_list, skipped_summary
    from kerasgan.data.sources.catalog import is_downloaded
    from kerasgan.drawing import grid, save_picture
    from kerasgan.drawing.picture import picture_format
    from kerasgan.errors import shortened_message
    from kerasgan.recipes import find_recipe, read_recipe
    from kerasgan.recipes.recipe_preview import preview_recipe

    out = output_file(out, "preview.png", force=force)
    picture_format(out)
    changes = []
    if recipe is not None:
        chosen = read_recipe(find_recipe(recipe), overrides)
        path = data if source is None else Path(source)
        fit, image_size = chosen.data.fit, chosen.data.image_size
        seen = preview_recipe(chosen, path, count=count, seed=seed, progress=True)
        picture, images, changes = seen.pictures, seen.images, seen.changes
    else:
        assert source is not None
        is_named = data is not None or is_downloaded(source)
        kind, path = (source, data) if is_named else ("images", Path(source))
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
        picture = preview_images(
            images, augmentation=augmentation, balanced=balanced, count=count, seed=seed or 0
        )
    save_picture(grid(picture), out)
    click.echo(
        f"{len(images)} images, {len(images.skipped)} left out, {_FITTED[fit]} "
        f"{image_size}x{image_size}; preview in {out}"
    )
    if len(images) < _FEW:
        click.echo(f"So few pictures teach little: {_FEW} or more of one kind are a good set.")
    for change in changes:
        click.echo(f"Changed for these data: {shortened_message(change)}", err=True)
    if list_left_out:
        lines = skipped_list(images.skipped)
    else:
        lines = skipped_summary(images.skipped, "by --list-left-out")
    for line in lines:
        click.echo(line, err=True)


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
