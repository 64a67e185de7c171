"""The `kerasgan` command: its commands, its error messages and its exit codes."""

import contextlib
import importlib
import io
import os
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import TypeGuard

import click

from kerasgan.errors import UserError, shortened_message
from kerasgan.version import __version__

# The options of the commands, by the names of the library's arguments that they stand for.
_OPTIONS = {
    "best": "--best",
    "characters": "--characters",
    "data": "--data",
    "devices": "--devices",
    "engine": "--engine",
    "folder": "--out",
    "force": "--force",
    "freeze_discriminator": "--freeze-discriminator",
    "init": "--init",
    "labels": "--label",
    "out": "--out",
    "path": "--data",
    "seed": "--seed",
    "upscale": "--upscale",
    "token": "--token",
    "worker_index": "--worker-index",
    "workers": "--workers",
}
_ARGUMENT = re.compile(
    rf"\b([Pp]ass|another|without|by|with|give|leave out) ({'|'.join(_OPTIONS)})="
    r"""(True\b|(?=[\w'"/]))?"""
)


class _LazyGroup(click.Group):
    """A group that imports the module of a command when the command is used."""

    _commands = {
        "blend": ("kerasgan.cli.blend", "Draw the result of an expression of latents."),
        "data": ("kerasgan.cli.data", "List, prepare and preview training images."),
        "explore": ("kerasgan.cli.explore", "Explore models interactively in the browser."),
        "encode": ("kerasgan.cli.encode", "Find latents from which a model draws given pictures."),
        "evaluate": (
            "kerasgan.cli.evaluate",
            "Measure how close a model's pictures are to real images.",
        ),
        "export": (
            "kerasgan.cli.export",
            "Convert a model for other programs; for kerasgan, use zoo export.",
        ),
        "morph": ("kerasgan.cli.morph", "Animate the way from picture to picture."),
        "progress": ("kerasgan.cli.progress", "Animate how a training's pictures changed."),
        "render": ("kerasgan.cli.render", "Draw one picture of any size from a CPPN."),
        "sample": ("kerasgan.cli.sample", "Draw pictures from a model, in a grid or one by one."),
        "train": ("kerasgan.cli.train", "Train a recipe, or resume its training."),
        "wikiart": ("kerasgan.cli.wikiart", "Collect and prepare paintings of WikiArt."),
        "zoo": ("kerasgan.cli.zoo", "List, show, export, push and verify pretrained models."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._commands:
            return None
        return importlib.import_module(self._commands[name][0]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._commands[name][1]) for name in sorted(self._commands)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(debug: bool) -> None:
    """Train GANs that make art, and draw pictures from them."""


def main() -> None:
    """Runs the command. The exit code is 2 for wrong usage and bad input, 1 for other errors."""
    debug = "--debug" in sys.argv[1:]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The name of a file may have bytes that are not UTF-8.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        # Click returns the code of an Exit if it is not in standalone mode.
        with contextlib.nullcontext() if debug else _warnings_in_one_line():
            sys.exit(command.main(prog_name="kerasgan", standalone_mode=False))
    except click.ClickException as error:
        # Not `message`, which Click declares final: `show` prints what this returns.
        text = shortened_message(error.format_message())
        error.format_message = lambda: text
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        if debug:
            traceback.print_exc()
        is_input = isinstance(error, UserError) or _is_about_a_file(error)
        text = shortened_message(_message(error))
        text += "" if is_input or debug else " (kerasgan --debug shows where)"
        click.echo(f"Error: {text}", err=True)
        sys.exit(2 if is_input else 1)


@contextlib.contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Lets warnings be shown without the line of code that they come from."""
    usual = warnings.formatwarning
    warnings.formatwarning = lambda message, *_: (
        f"Warning: {shortened_message(with_options(str(message)))}\n"
    )
    try:
        yield
    finally:
        warnings.formatwarning = usual


def with_options(message: str) -> str:
    """Returns a message of the library with the options of the commands for Python's arguments.

    >>> with_options("a.png exists: pass force=True to replace it")
    'a.png exists: pass --force to replace it'
    """
    return _ARGUMENT.sub(
        lambda found: f"{found[1]} {_OPTIONS[found[2]]}" + (" " if found[3] == "" else ""), message
    )


def _message(error: Exception) -> str:
    """Returns the message of an error, with its type if the user cannot mend it."""
    if isinstance(error, UserError):
        return with_options(str(error))
    if _is_about_a_file(error):
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _is_about_a_file(error: Exception) -> TypeGuard[OSError]:
    """Returns whether this is an error of the system about a file that it names."""
    if not isinstance(error, OSError):
        return False
    return isinstance(error.filename, str | bytes) and bool(error.strerror)
