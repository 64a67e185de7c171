"""Which images have the wanted labels."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kerasgan.errors import UserError
from kerasgan.suggestions import did_you_mean


def selection(
    labels: Mapping[str, np.ndarray],
    class_names: Mapping[str, Sequence[str]],
    wanted: Sequence[str],
    classes: Mapping[str, Sequence[str]],
) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """Returns the numbers of the chosen images, and their labels and class names.

    Args:
        labels: By label set, int32 `(n,)`; -1 where unknown.
        class_names: By label set, the names of its classes.
        wanted: The label sets to keep; see `ImageSet.select`.
        classes: By label set, the classes to keep; see `ImageSet.select`.

    Raises:
        UserError: See `ImageSet.select`.
    """
    wanted = _distinct("labels", wanted)
    involved = tuple(dict.fromkeys((*wanted, *classes)))
    for name in involved:
        if name not in labels:
            raise UserError(f'the images have no label set "{name}"' + did_you_mean(name, labels))
    numbers = dict(labels)
    names = {name: tuple(known) for name, known in class_names.items()}
    for name, chosen in classes.items():
        chosen = _distinct(f'the classes of "{name}"', chosen, least=1)
        for class_name in chosen:
            if class_name not in names[name]:
                raise UserError(
                    f'"{name}" has no class "{class_name}"' + did_you_mean(class_name, names[name])
                )
        numbers[name] = _renumbered(labels[name], names[name], chosen)
        names[name] = chosen

    rows = np.flatnonzero(np.all([numbers[name] >= 0 for name in involved], axis=0))
    for name in classes:
        counts = np.bincount(numbers[name][rows], minlength=len(names[name]))
        if empty := [names[name][number] for number in np.flatnonzero(counts == 0)]:
            raise UserError(
                f'no image of the class "{empty[0]}" of "{name}" is left by '
                f"labels={list(wanted)}, classes={dict(classes)}: leave the class out"
            )
    if not len(rows):
        raise UserError(f"no image has a label in each of {', '.join(wanted)}: ask for fewer")
    kept, kept_names = {}, {}
    for name in wanted:
        occurring = tuple(names[name][number] for number in np.unique(numbers[name][rows]))
        kept[name] = _renumbered(numbers[name][rows], names[name], occurring)
        kept_names[name] = occurring
    return rows, kept, kept_names


def _renumbered(labels: np.ndarray, known: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    """Returns labels that index `known` as indices into `wanted`, -1 for all other classes."""
    # One place more than there are classes: the label -1 stands for the last.
    new = np.full(len(known) + 1, -1, np.int32)
    new[[known.index(class_name) for class_name in wanted]] = np.arange(len(wanted))
    return new[labels]


def _distinct(what: str, names: Any, least: int = 0) -> tuple[str, ...]:
    # A single string would be taken for a list of its letters.
    listed = None if isinstance(names, str) else tuple(names)
    if listed is None or len(set(listed)) < len(listed) or len(listed) < least:
        number = ", at least one" if least else ""
        raise UserError(f"{what} must be a list of different names{number}. Received: {names!r}")
    return listed
