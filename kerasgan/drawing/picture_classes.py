"""The classes of pictures: each a name, or the parts of several classes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from kerasgan.class_names import Labels, class_number
from kerasgan.errors import UserError, shortened

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

# The class of a picture: a name, or the parts of several classes, which add up to 1. Files are
# bounded as options are, because anyone may have written them.
Label = str | dict[str, Annotated[float, Meta(ge=0.0, le=1.0)]]

# The classes of pictures that are drawn from given latents: of the only label set, or of each.
GivenLabels = Labels | Mapping[str, Labels | Label | Sequence[int | Label]] | None

# Parts that people write may be rounded.
_ROUNDING = 0.01


def parts_of(label: Label) -> dict[str, float]:
    """Returns the part of each class in a label."""
    return {label: 1.0} if isinstance(label, str) else label


def label_of(parts: Mapping[str, float]) -> Label:
    """Returns the label of some parts: the name of a class that is alone.

    Args:
        parts: The part of each class, at least 0, together 1 up to rounding.
    """
    kept = {name: min(part, 1.0) for name, part in parts.items() if part > 0.0}
    return next(iter(kept)) if len(kept) == 1 else kept


def between(start: Label, end: Label, t: float) -> Label:
    """Returns the label at the part t of the way from one label to another."""
    if start == end or t == 0.0:
        return start
    if t == 1.0:
        return end
    parts = {name: (1.0 - t) * part for name, part in parts_of(start).items()}
    for name, part in parts_of(end).items():
        parts[name] = parts.get(name, 0.0) + t * part
    return label_of(parts)


def checked_label(label: int | Label, names: Sequence[str]) -> Label:
    """Returns a label by names.

    Args:
        label: A class by its name or number, or the parts of several classes.
        names: The names of the classes.

    Raises:
        ValueError: There is no such class, or the parts are not from 0 to 1 or do not add up to 1.
    """
    if not isinstance(label, Mapping):
        return _known(label, names)
    parts = {_known(name, names): float(part) for name, part in label.items()}
    total = sum(parts.values())
    if not (all(0.0 <= part <= 1.0 for part in parts.values()) and abs(total - 1.0) <= _ROUNDING):
        raise UserError(
            "The parts of classes must be from 0 to 1 and add up to 1. "
            f"Received: {shortened(dict(label))}"
        )
    return parts


def has_parts(labels: GivenLabels) -> bool:
    """Tells whether a label is the parts of several classes."""
    by_set = labels.values() if isinstance(labels, Mapping) else [labels]
    each = (values if isinstance(values, list | tuple) else [values] for values in by_set)
    return any(isinstance(label, Mapping) for values in each for label in values)


def mixed_labels(
    model: "Drawable", labels: Mapping[str, Any], count: int
) -> dict[str, tuple[Label, ...]]:
    """Returns the labels by names of those label sets in which one has parts of several classes.

    Args:
        model: The model.
        labels: For each label set, one label for all pictures or one for each.
        count: The number of pictures.

    Raises:
        ValueError: As `checked_label`, or there are more or fewer labels than pictures.
    """
    mixed = {}
    for name in model.condition:
        values = labels.get(name)
        each: Any = [values] * count if isinstance(values, Mapping) else values
        if not isinstance(each, list | tuple) or not any(isinstance(one, Mapping) for one in each):
            continue
        if len(each) != count:
            raise UserError(f"Labels must be one for all, or {count}. Received: {len(each)} labels")
        mixed[name] = tuple(checked_label(label, model.class_names[name]) for label in each)
    return mixed


def check_labels(model: "Drawable", labels: Mapping[str, Sequence[Label]], count: int) -> None:
    """Checks the labels of pictures that a file describes; it may leave out label sets.

    Raises:
        ValueError: The model has no such label set or class, or there are not `count` labels.
    """
    for name, values in labels.items():
        if name not in model.condition:
            known = ", ".join(map(repr, model.condition)) or "none"
            raise UserError(f"The label sets are {known}. Received: {shortened(name)!r}")
        if len(values) != count:
            raise UserError(
                f"There must be {count} labels of {name}, one for each picture. "
                f"Received: {len(values)}"
            )
        for label in values:
            checked_label(label, model.class_names[name])


def _known(label: int | str, names: Sequence[str]) -> str:
    """Returns the name of a class; a message does not repeat all of a long one."""
    return names[class_number(shortened(label) if isinstance(label, str) else label, names)]
