"""`kerasgan zoo`."""

import unicodedata
import warnings
from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName
from kerasgan.cli.quiet import export_report, hidden_stderr, import_tensorflow_quietly


@click.group()
def command() -> None:
    """List, show, export, push and verify pretrained models."""


@command.command("list")
def list_() -> None:
    """List the pretrained models."""
    from kerasgan.zoo.entries import describe, names

    for name in names():
        entry = describe(name)
        metrics = entry["metrics"]
        size = "x".join(map(str, metrics["image_shape"]))
        iterations = metrics["training"]["iterations"]
        click.echo(
            f"{name:24} {metrics['objective']:18} {size:12} {iterations:>8,} iterations "
            f"{entry['megabytes']:6.1f} MB"
        )


@command.command()
@click.argument("model", type=ModelName())
def show(model: str) -> None:
    """Print the card of MODEL.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, or hf://USER/NAME for a zoo
    entry on the Hugging Face Hub.
    """
    from kerasgan.zoo.card import card
    from kerasgan.zoo.entries import find
    from kerasgan.zoo.hub_address import is_hub_address

    text = card(find(model), model if is_hub_address(model) else None)
    # Those of a stranger's card would command the terminal.
    click.echo("".join(filter(_is_harmless, text)), nl=False)


@command.command(short_help="Make a zoo entry of a run; for other programs, use kerasgan export.")
@click.argument("run", type=FileName())
@click.argument("folder", type=FileName())
@click.option(
    "--best",
    is_flag=True,
    help="Export the weights with the smallest Fréchet distance instead of the newest checkpoint.",
)
@click.option(
    "--compact",
    is_flag=True,
    help="Keep kernels in float16, only the averaged generator, and no network that only the "
    "training looks through: a quarter of the size.",
)
@click.option(
    "--force", is_flag=True, help="Also replace files that were changed since they were exported."
)
@click.option("--title", help="Title of the card.  [default: the name of FOLDER]")
@click.option("--description", help="What the model draws and was made for, for the card.")
@click.option("--license", help="Licence of the model, such as cc-by-4.0, for the card.")
@click.option("--author", help="Who trained the model, for the card.")
def export(
    run: Path,
    folder: Path,
    best: bool,
    compact: bool,
    force: bool,
    title: str | None,
    description: str | None,
    license: str | None,
    author: str | None,
) -> None:
    """Make a zoo entry of RUN; for other programs, use kerasgan export.

    RUN is the folder of a training. FOLDER becomes the entry, which kerasgan draws from, can train
    on from, and shares on the Hugging Face Hub; it needs nothing else.

    If FOLDER is a zoo entry already, the files that its checksums list are replaced; other files
    are never deleted. Its card keeps the title, description, licence and author that it has unless
    others are given.
    """
    import_tensorflow_quietly()
    from kerasgan.zoo.entries import as_argument
    from kerasgan.zoo.exporter import export as export_run

    with hidden_stderr() as show, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        entry = export_run(
            run,
            folder,
            best=best,
            compact=compact,
            force=force,
            title=title,
            description=description,
            license=license,
            author=author,
            report=export_report(run, show),
        )
    for warning in told:
        if warning.category is UserWarning:  # TensorFlow has warnings of other kinds.
            warnings.warn(str(warning.message), stacklevel=1)
    click.echo(f"Exported to {entry}. Draw from it with: kerasgan sample {as_argument(entry)}")


@command.command()
@click.argument("entry", type=ModelName())
@click.argument("repository", metavar="USER/NAME")
@click.option("--private", is_flag=True, help="Create the repository as private.")
@click.option(
    "--token",
    help="Access token of the Hub that may write. Other users of this machine can see it while "
    "the command runs, so prefer `hf auth login`.  [default: its token, or HF_TOKEN]",
)
def push(entry: str, repository: str, private: bool, token: str | None) -> None:
    """Upload ENTRY to the Hugging Face Hub as USER/NAME.

    ENTRY is the folder of a zoo entry or the name of a model in the zoo. It needs
    pip install 'kerasgan[hub]'.
    """
    from kerasgan.zoo.pusher import push as push_entry

    address = push_entry(entry, repository, private=private, token=token)
    click.echo(f"Pushed. Draw from it with: kerasgan sample {address}")


@command.command()
@click.argument("models", nargs=-1, type=ModelName())
def verify(models: tuple[str, ...]) -> None:
    """Check the files of MODELS against their checksums.

    MODELS are names of models in the zoo, by default all of them, or folders of zoo entries.
    """
    from kerasgan.zoo.entries import names
    from kerasgan.zoo.entries import verify as verify_entry

    for model in models or names():
        click.echo(f"{model}: {verify_entry(model)} files are intact")


def _is_harmless(character: str) -> bool:
    """Tells whether a terminal shows a character, rather than being controlled by it."""
    return character in "\n\t" or unicodedata.category(character) != "Cc"
