"""Where drawings go: `--out` and `--force`, alike in all commands that draw."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from kerasgan.cli.file_name import FileName

Command = TypeVar("Command", bound=Callable)


def output_options(default: str, help: str) -> Callable[[Command], Command]:
    """Adds `--out`, which is None where it is not given, and `--force` to a command.

    Args:
        default: The name that `output_file` takes where there is none.
        help: What `--out` takes.
    """

    def add(command: Command) -> Command:
        force = click.option(
            "--force",
            is_flag=True,
            help="Replace what is there, even if kerasgan did not write it.",
        )
        out = click.option(
            "--out",
            type=FileName(),
            help=f"{help}  [default: {default}, or the next such name that is free]",
        )
        return out(force(command))

    return add


def output_file(out: Path | None, default: str, *, force: bool) -> Path:
    """Returns the file to write.

    Raises:
        UserError: As `kerasgan.drawing.overwriting.check_overwrite`.
    """
    from kerasgan.drawing.overwriting import check_overwrite, free_name

    return check_overwrite(free_name(default) if out is None else out, force=force)
