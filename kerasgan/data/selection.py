"""Some of the images of a set, chosen by their labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kerasgan.data.record_images import RecordImages
from kerasgan.errors import UserError, did_you_mean, shortened


class SelectedImages:
    """Images of an array in any order, which are read when they are indexed.

    They are indexed like `whole[rows]`, by an integer, a slice, integers or a mask, but that array
    is never made, because `whole` may be a memory map larger than memory. `np.asarray` makes it.

    Args:
        whole: The array, or what is indexed like one, `(n, ...)`.
        rows: Integers `(m,)` in [0, n): the indices of the images, in their new order.
    """

    def __init__(self, whole: np.ndarray | RecordImages, rows: np.ndarray) -> None:
        self.whole = whole
        self.rows = np.asarray(rows, np.int64)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `whole[rows]`."""
        return (*self.rows.shape, *self.whole.shape[1:])

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the images."""
        return self.whole.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> np.ndarray:
        if isinstance(index, tuple):
            raise TypeError(
                "selected images are indexed along their first axis only: use images[number][...] "
                f"or np.asarray(images)[...]. Received: index={shortened(repr(index))}"
            )
        return self.whole[self.rows[index]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.whole[row] for row in self.rows)

    def __repr__(self) -> str:
        return f"<SelectedImages {self.dtype} {self.shape} of {len(self.whole):,}>"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("an array of selected images is always a copy")
        return np.asarray(self.whole[self.rows], dtype)


def select_rows(
    labels: Mapping[str, np.ndarray],
    class_names: Mapping[str, Sequence[str]],
    wanted: Sequence[str],
    classes: Mapping[str, Sequence[str]],
    no_label_sets: Mapping[str, str],
) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """Returns the rows of the selected images, their labels and their class names.

    Args:
        labels: By label set, int32 `(n,)`; -1 where the class is unknown.
        class_names: By label set, the names of its classes.
        wanted: The label sets to keep.
        classes: By label set, the classes to keep.
        no_label_sets: By column of a table that is no label set, the reason.

    Raises:
        UserError: See `ImageSet.select`, whose arguments `wanted` and `classes` are.
    """
    wanted = _distinct("labels", wanted)
    involved = tuple(dict.fromkeys((*wanted, *classes)))
    for name in involved:
        if name not in labels:
            reason = no_label_sets.get(name)
            raise UserError(
                f'the images have no label set "{name}"'
                + (f": its column {reason}" if reason else did_you_mean(name, labels))
            )
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
                f'no selected image has the class "{empty[0]}" of "{name}": leave the class out. '
                f"Received: labels={list(wanted)}, classes={shortened(dict(classes))}"
            )
    if not len(rows):
        raise UserError(
            f"no image has a label in each of {', '.join(wanted)}: select fewer label sets"
        )
    kept, kept_names = {}, {}
    for name in wanted:
        occurring = tuple(names[name][number] for number in np.unique(numbers[name][rows]))
        kept[name] = _renumbered(numbers[name][rows], names[name], occurring)
        kept_names[name] = occurring
    return rows, kept, kept_names


def _renumbered(labels: np.ndarray, known: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    """Returns labels that index `known` as indices into `wanted`, -1 for all other classes."""
    # One more element than there are classes, so that the label -1 indexes the last one.
    new = np.full(len(known) + 1, -1, np.int32)
    new[[known.index(class_name) for class_name in wanted]] = np.arange(len(wanted))
    return new[labels]


def _distinct(what: str, names: Any, least: int = 0) -> tuple[str, ...]:
    # A single string would be read as a list of its letters.
    listed = None if isinstance(names, str) else tuple(names)
    if listed is None or len(set(listed)) < len(listed) or len(listed) < least:
        number = ", at least one" if least else ""
        raise UserError(
            f"{what} must be a list of different names{number}. Received: {shortened(repr(names))}"
        )
    return listed
