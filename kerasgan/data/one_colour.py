"""Pictures that show nothing."""

from pathlib import Path

import numpy as np

from kerasgan.data.counted_pictures import NAMED, counted_pictures
from kerasgan.data.file_names import file_names
from kerasgan.data.image_set import ImageSet
from kerasgan.errors import UserError

_AT_ONCE = 128


def one_colour_rows(image_set: ImageSet) -> np.ndarray:
    """Returns which images of a set are of one colour, such as empty scans.

    Returns:
        int64 `(k,)`, the indices of the images whose pixels are all alike, in ascending order.
    """
    images, found = image_set.images, []
    for first in range(0, len(images), _AT_ONCE):
        some = images[first : first + _AT_ONCE]
        found.append(first + np.flatnonzero((some == some[:, :1, :1]).all(axis=(1, 2, 3))))
    return np.concatenate(found)


def one_colour_summary(
    images: ImageSet, source: str, *, path: str | Path | None = None, split: str = "train"
) -> list[str]:
    """Returns a line that counts the images of one colour and names some, or none.

    Args:
        images: What `load_images` returned for the same source, path and split, or some of it.
        source: As in `load_images`.
        path: As in `load_images`.
        split: As in `load_images`.
    """
    rows = one_colour_rows(images)
    if not len(rows):
        return []
    try:
        names = file_names(images, source, path=path, split=split)
        named = [names[row] for row in rows[:NAMED]]
    except UserError:  # Records have none.
        named = [f"number {row:,}" for row in rows[:NAMED]]
    return counted_pictures(len(rows), "of one colour", named)
