"""Classes on the command line."""

from collections.abc import Sequence

import click

from kerasgan.errors import UserError

# More are no class of any model, and a name like others.
_MOST_DIGITS = 9


def labels_by_set(
    label_sets: Sequence[str], labels: Sequence[str], model: str
) -> dict[str, list[str | int]]:
    """Returns the classes asked for in each label set, in the order given.

    Args:
        label_sets: Those that the model is conditioned on.
        labels: Each a class by name or number, or SET=CLASS.
        model: Its name, for messages.

    Raises:
        UserError: The model knows no classes.
        click.BadParameter: It is not said of which of several sets a class is.
    """
    if labels and not label_sets:
        raise UserError(f"{model} knows no classes; leave out --label")
    asked = {}
    for label in labels:
        name, equals, value = label.rpartition("=")
        if not equals:
            if len(label_sets) > 1:
                raise click.BadParameter(
                    f"Say which of {', '.join(label_sets)}: SET=CLASS. Received: {label!r}",
                    param_hint="--label",
                )
            name = label_sets[0]
        number = value.isdecimal() and len(value) <= _MOST_DIGITS
        asked.setdefault(name, []).append(int(value) if number else value)
    return asked


def one_label(
    label_sets: Sequence[str], labels: Sequence[str], model: str
) -> dict[str, str | int] | None:
    """Returns the one class asked for in each label set, or `None` for none at all.

    Raises:
        UserError: As `labels_by_set`.
        click.BadParameter: As `labels_by_set`; two classes of one set are asked for.
    """
    asked = labels_by_set(label_sets, labels, model)
    for name, values in asked.items():
        if len(values) > 1:
            raise click.BadParameter(
                f"Give one class of {name}. Received: {', '.join(map(str, values))}",
                param_hint="--label",
            )
    return {name: values[0] for name, values in asked.items()} or None
