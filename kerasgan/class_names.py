"""The names of classes and their numbers."""

import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

import numpy as np

from kerasgan.errors import UserError, did_you_mean

# A longer number is the number of no class, and taken for a name.
_NUMBER = re.compile("[0-9]{1,9}")
# One class for all pictures, or one for each, by name or number.
Labels = int | str | Sequence[int | str] | np.ndarray


def check_class_names(
    class_names: Mapping[str, Sequence[str]] | None, classes: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    """Returns the class names by label set; where none are given, they are the numbers.

    Args:
        class_names: The names of the classes of each label set, or `None`.
        classes: The number of classes of each label set.

    Raises:
        ValueError: Names are given for another label set, more or fewer than classes, twice, or
            not as a list of strings for each label set.
    """
    if not isinstance(class_names or {}, Mapping):
        raise UserError(
            "class_names must be a dict of a list of names for each label set. "
            f"Received: class_names={class_names!r}"
        )
    given = dict(class_names or {})
    if unknown := [name for name in given if name not in classes]:
        raise UserError(
            f"class_names must be of the label sets {', '.join(map(repr, classes)) or '(none)'}. "
            f"Received: names for {unknown[0]!r}"
        )
    for name, names in given.items():
        is_text = isinstance(names, str) or not all(isinstance(each, str) for each in names)
        if is_text or len({*names}) < len(names):
            raise UserError(
                f"class_names must be a list of different strings for {name!r}. Received: {names!r}"
            )
        if len(names) != classes[name]:
            raise UserError(
                f"class_names must have a name for each of the {classes[name]} classes of "
                f"{name!r}. Received: {len(names)} names"
            )
    return {name: tuple(given.get(name, map(str, range(count)))) for name, count in classes.items()}


def class_number(label: int | str, names: Sequence[str]) -> int:
    """Returns the number of a class given by its number or name.

    A text of digits is a name if a class has it, such as `"7"` of MNIST, and a number otherwise.

    Raises:
        ValueError: There is no such class; the message lists them.
    """
    if isinstance(label, str) and label not in names and _NUMBER.fullmatch(label):
        label = int(label)
    if isinstance(label, str):
        if label not in names:
            hint = did_you_mean(label, names)
            known = f" The classes are {', '.join(names)}" if hint.endswith("?") else ""
            raise UserError(f"There is no class {label!r}{hint}{known}")
        return names.index(label)
    try:
        number = operator.index(label)
    except TypeError:
        number = -1
    if not 0 <= number < len(names):
        raise UserError(f"Class numbers are from 0 to {len(names) - 1}. Received: {label}")
    return number


def numbers_among(names: Sequence[str], known: Sequence[str]) -> np.ndarray:
    """Returns the number that each class has among those of another set, int32 `(n,)`.

    It is -1 where the other set has no such class.

    >>> numbers_among(["cat", "dog"], ["dog", "bird"])
    array([-1,  0], dtype=int32)
    """
    return np.array([known.index(name) if name in known else -1 for name in names], np.int32)


def labels_by_set(labels: Any, label_sets: Collection[str]) -> Mapping[str, Any]:
    """Returns labels by their label sets; those of the only set may be given without its name.

    Raises:
        ValueError: There is no such label set, or it is not said which of several they are of.
    """
    sets = ", ".join(map(repr, label_sets)) or "none"
    if not isinstance(labels, Mapping):
        if labels is not None and len(label_sets) > 1:
            raise UserError(f"Labels must be a dict of {sets}. Received: labels={labels!r}")
        if labels is not None and not label_sets:
            raise UserError(f"The label sets are {sets}. Received: labels={labels!r}")
        labels = {} if labels is None else dict.fromkeys(label_sets, labels)
    if unknown := [name for name in labels if name not in label_sets]:
        raise UserError(f"The label sets are {sets}. Received: labels of {unknown[0]!r}")
    return labels


def class_numbers(labels: Labels, names: Sequence[str], count: int) -> np.ndarray:
    """Returns int32 `(count,)` class numbers of one label for all or a label for each.

    Raises:
        ValueError: A class is unknown, or there are more or fewer labels than `count`.
    """
    if isinstance(labels, int | str) or np.ndim(labels) == 0:
        return np.full(count, class_number(cast(int | str, labels), names), np.int32)
    if len(labels) != count:
        raise UserError(f"Labels must be one for all, or {count}. Received: {len(labels)} labels")
    return np.array([class_number(label, names) for label in labels], np.int32)


def numbered_labels(
    labels: Labels | Mapping[str, Labels] | None,
    class_names: Mapping[str, Sequence[str]],
    count: int,
    random: Callable[[str], np.ndarray],
    *,
    model: str,
) -> dict[str, np.ndarray]:
    """Returns int32 `(count,)` class numbers of every label set.

    Args:
        labels: The labels of the only label set, or those of each by its name.
        class_names: The names of the classes of each label set; empty without a condition.
        count: How many.
        random: Draws the classes of a label set for which there are no labels.
        model: What takes the labels, for messages.

    Raises:
        ValueError: Labels are unknown, too many or too few, or given where there are no classes.
    """
    if not class_names:
        if labels is not None:
            raise UserError(f"{model} has no labels. Received: labels={labels!r}")
        return {}
    given = labels_by_set(labels, class_names)
    return {
        name: random(name) if given.get(name) is None else class_numbers(given[name], names, count)
        for name, names in class_names.items()
    }
