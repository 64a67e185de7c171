"""The `kerasgan` command: its groups, and what becomes of errors."""

import io
import os
import sys
import traceback

import click

import kerasgan
from kerasgan.errors import UserError
from kerasgan.shortened import shortened_message


class _LazyGroup(click.Group):
    """A group that imports a command's module only when it is asked for."""

    _commands = {
        "blend": ("kerasgan.cli.blend", "Draw the result of an expression of latents."),
        "data": ("kerasgan.cli.data", "List, prepare and preview training images."),
        "encode": ("kerasgan.cli.encode", "Find latents from which a model draws given pictures."),
        "evaluate": ("kerasgan.cli.evaluate", "Measure how near to real images models draw."),
        "morph": ("kerasgan.cli.morph", "Animate the way from picture to picture."),
        "render": ("kerasgan.cli.render", "Draw one picture of any size from a CPPN."),
        "sample": ("kerasgan.cli.sample", "Draw pictures from a model, in a grid or one by one."),
        "train": ("kerasgan.cli.train", "Train a recipe, or go on where it stopped."),
        "wikiart": ("kerasgan.cli.wikiart", "Collect and prepare paintings of WikiArt."),
        "zoo": ("kerasgan.cli.zoo", "List, show, export and verify pretrained models."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._commands:
            return None
        module = __import__(self._commands[name][0], fromlist=["command"])
        return module.command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._commands[name][1]) for name in sorted(self._commands)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(kerasgan.__version__, "-V", "--version")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(debug: bool) -> None:
    """GANs that make art: train them, draw from them."""


def main() -> None:
    """Runs the command: exit code 0, 2 for usage and bad input, 1 for anything else."""
    debug = "--debug" in sys.argv[1:]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name may have bytes that are no text.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        # Outside its standalone mode Click returns the code of an Exit.
        sys.exit(command.main(prog_name="kerasgan", standalone_mode=False))
    except click.ClickException as error:
        error.message = shortened_message(error.message)
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        if debug:
            traceback.print_exc()
        is_input = isinstance(error, UserError) or _is_about_a_file(error)
        text = shortened_message(_about(error))
        text += "" if is_input or debug else " (kerasgan --debug shows where)"
        click.echo(f"Error: {text}", err=True)
        sys.exit(2 if is_input else 1)


def _about(error: Exception) -> str:
    """Returns what an error says, and what it is where the user cannot mend it."""
    if isinstance(error, UserError):
        # The library names its arguments; on the command line they are flags.
        return str(error).replace("pass force=True", "pass --force")
    if _is_about_a_file(error):
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _is_about_a_file(error: Exception) -> bool:
    """Tells whether an error is the system's about a file that it names."""
    named = isinstance(error, OSError) and isinstance(error.filename, str | bytes)
    return named and bool(error.strerror)
