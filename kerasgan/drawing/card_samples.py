"""The unselected pictures that a training and a model card show."""

from typing import TYPE_CHECKING

import numpy as np

from kerasgan.drawing.samples import all_classes, sample_rows

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

# The grid that a training and a model card show: its rows where there are no classes, and its
# columns up to ten rows and beyond.
_CARD_ROWS = 3
_CARD_COLUMNS, _FEW_COLUMNS = 8, 4
# How many pictures it has where there are no classes.
CARD_COUNT = _CARD_ROWS * _CARD_COLUMNS
# The most classes that it shows.
MOST_CARD_CLASSES = 32


def draw_card_samples(model: "Drawable", *, seed: int) -> np.ndarray:
    """Draws the unselected pictures that a training and a model card show.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1], for a grid of `card_columns`
        columns: 24 of them, or, from a conditional generator, a row of every class from the same
        latents; of more than 32 classes, of 32.
    """
    if model.condition:
        return sample_rows(model, card_classes(model), card_columns(model), seed=seed).images
    return model.generate(card_sample_count(model), seed=seed)


def card_sample_count(model: "Drawable") -> int:
    """Returns the number of pictures that `draw_card_samples` draws."""
    return card_columns(model) * card_rows(model)


def card_columns(model: "Drawable") -> int:
    """Returns the columns of the grid that `draw_card_samples` draws for."""
    return columns_for(card_rows(model))


def card_rows(model: "Drawable") -> int:
    """Returns the rows of the grid that `draw_card_samples` draws for."""
    return len(card_classes(model)) or _CARD_ROWS


def card_classes(model: "Drawable") -> list[tuple[str, str]]:
    """Returns the label set and the class of each row of that grid; none without classes."""
    rows = all_classes(model)
    if len(rows) <= MOST_CARD_CLASSES:
        return rows
    return [rows[row * len(rows) // MOST_CARD_CLASSES] for row in range(MOST_CARD_CLASSES)]


def columns_for(rows: int) -> int:
    """Returns the columns of a card's grid of some rows: 8, or 4 where there are more than ten."""
    return _CARD_COLUMNS if rows <= 10 else _FEW_COLUMNS
