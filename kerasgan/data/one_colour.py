"""Pictures that show nothing."""

from collections.abc import Sequence

import numpy as np

from kerasgan.data.counted_pictures import NAMED, counted_pictures
from kerasgan.data.image_set import ImageSet

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


def one_colour_summary(images: ImageSet, names: Sequence[str]) -> list[str]:
    """Returns a line that counts the images of one colour and names some, or none.

    Args:
        images: The images.
        names: The name of each.
    """
    rows = one_colour_rows(images)
    return counted_pictures(len(rows), "of one colour", [names[int(row)] for row in rows[:NAMED]])
