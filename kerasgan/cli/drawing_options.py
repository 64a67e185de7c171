"""Options that the drawing commands share, such as `--out`, `--label`, `--size` and `--psi`."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from kerasgan.cli.output import Output
from kerasgan.cli.parameter_types import FileName, PictureSize, RealNumber, WholeNumber
from kerasgan.errors import UserError

Command = TypeVar("Command", bound=Callable)


def output_options(default: str, help: str) -> Callable[[Command], Command]:
    """Adds `--out`, which is None where it is not given, and `--force` to a command.

    Args:
        default: The name that `output_file` takes where `--out` is not given.
        help: What `--out` names.
    """

    def add(command: Command) -> Command:
        force = click.option(
            "--force",
            is_flag=True,
            help="Replace existing files, even if kerasgan did not write them; in a folder, all "
            "numbered pictures that kerasgan wrote there.",
        )
        out = click.option(
            "--out",
            type=FileName(),
            help=f"{help}  [default: {default}, or {Path(default).stem}-2{Path(default).suffix} "
            "and so on where that exists]",
        )
        return out(force(command))

    return add


def output_file(out: Path | None, default: str, *, force: bool) -> Output:
    """Returns the file to write.

    Raises:
        UserError: As `kerasgan.drawing.overwriting.check_overwrite`.
    """
    from kerasgan.drawing.overwriting import check_overwrite

    output = Output(out, default)
    check_overwrite(output.path, force=force)
    return output


def label_option(help: str) -> Callable[[Command], Command]:
    """Adds a repeatable `--label` to a command, as `labels`."""
    return click.option("--label", "labels", multiple=True, metavar="CLASS", help=help)


def size_option(command: Command) -> Command:
    """Adds `--size` to a command that draws at the model's own size by default."""
    return click.option(
        "--size",
        type=PictureSize(),
        help="Size in pixels, for CPPNs (compositional pattern-producing networks) only.  "
        "[default: the model's own]",
    )(command)


def psi_option(command: Command) -> Command:
    """Adds `--psi` to a command."""
    return click.option(
        "--psi",
        type=RealNumber(),
        metavar="P",
        help="Multiply the latents by P, which moves them towards their mean: 0.9 gives likelier "
        "pictures with less variety, 0 always the same picture, and 1 changes nothing.",
    )(command)


def upscale_option(command: Command) -> Command:
    """Adds `--upscale` to a command that draws pictures at the model's own size."""
    return click.option(
        "--upscale",
        default=1,
        show_default=True,
        metavar="N",
        type=WholeNumber(1, 16),
        help="Make each picture N times as wide and high with a Lanczos filter, for models that "
        "cannot draw larger; CPPNs draw sharper with --size.",
    )(command)


def requested_classes(
    label_sets: Sequence[str], labels: Sequence[str], model: str
) -> dict[str, list[str | int]]:
    """Returns the classes requested of each label set, in the order given.

    Args:
        label_sets: The label sets that the model is conditioned on.
        labels: Each a class by name or number, SET=CLASS, or several of these with commas between.
        model: Name of the model, for messages.

    Raises:
        UserError: The model is not conditional.
        click.BadParameter: A class does not say to which of several sets it belongs.
    """
    if labels and not label_sets:
        raise UserError(f"{model} has no classes; leave out --label")
    requested = {}
    # The name of a class can have a comma of its own.
    sets = "|".join(map(re.escape, label_sets))
    parts = [part for label in labels for part in re.split(rf",\s*(?=(?:{sets})=)", label)]
    for label in parts:
        name, equals, value = label.partition("=")
        # The name of a class can have an equals sign too.
        if not equals or (len(label_sets) == 1 and name not in label_sets):
            value = label
            if len(label_sets) > 1:
                raise click.BadParameter(
                    f"Write SET=CLASS, such as {label_sets[0]}={value}; the sets are "
                    f"{', '.join(label_sets)}. Received: {label!r}",
                    param_hint="--label",
                )
            name = label_sets[0]
        requested.setdefault(name, []).append(value)
    return requested


def one_label(
    label_sets: Sequence[str], labels: Sequence[str], model: str
) -> dict[str, str | int] | None:
    """Returns the class requested of each label set, or `None` where none is.

    Raises:
        UserError: As `requested_classes`.
        click.BadParameter: As `requested_classes`, or two classes of one set are given.
    """
    requested = requested_classes(label_sets, labels, model)
    for name, values in requested.items():
        if len(values) > 1:
            raise click.BadParameter(
                f"Give one class of {name}. Received: {', '.join(map(str, values))}",
                param_hint="--label",
            )
    return {name: values[0] for name, values in requested.items()} or None
