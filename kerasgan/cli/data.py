"""`kerasgan data`."""

import shlex
from pathlib import Path

import click

from kerasgan.cli.data_preview import preview
from kerasgan.cli.parameter_types import FileName
from kerasgan.cli.quiet import import_tensorflow_quietly

_NAMED_PROBLEMS = 10
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
    skipped = f", {len(prepared.problems):,} skipped" if prepared.problems else ""
    click.echo(f"{prepared.contents}{place}{skipped}")
    option = f" --data {shlex.quote(str(prepared.path))}" if prepared.path else ""
    for recipe in recipes_on(name):
        click.echo(f"kerasgan train {recipe}{option}")


@command.command()
@click.option(
    "--clear", is_flag=True, help="Delete them. No training may be running that uses them."
)
def cache(clear: bool) -> None:
    """Show how much room decoded images take, or delete them.

    They are kept so that a data set is decoded once, and decoded again when they are needed.
    """
    from rich.filesize import decimal

    from kerasgan.files.cache_folder import cache_folder, cached_files

    files = {path: path.stat().st_size for path in cached_files()}
    size = f"{len(files):,} files of {decimal(sum(files.values()))} in {cache_folder()}"
    if not clear:
        click.echo(size)
        return
    for path in files:
        path.unlink(missing_ok=True)
    click.echo(f"Deleted {size}")


command.add_command(preview)
