"""How evenly drawn images are spread over classes."""

from typing import NamedTuple

import numpy as np

# A class is covered if it is at most so many times rarer than among reals.
_COVERED_TIMES = 10


class ClassSpread(NamedTuple):
    """Which classes there are among images.

    Attributes:
        coverage: The part of the classes that are not all but missing, in [0, 1].
        entropy: Of the distribution over classes, divided by that of an even one, in [0, 1].
    """

    coverage: float
    entropy: float


def class_spread(classes: np.ndarray, real_classes: np.ndarray, count: int) -> ClassSpread:
    """Returns how the classes of drawn images are spread.

    A class is covered if its part of the drawn images is at least a tenth of its part of the real
    ones, and it is among them at all. Classes that no real image is taken for do not count.

    Args:
        classes: The class that a classifier takes each drawn image for, integers in [0, count),
            `(n,)`.
        real_classes: Likewise of real images, `(m,)`.
        count: The number of classes, at least 2.
    """
    drawn = np.bincount(classes, minlength=count)
    real = np.bincount(real_classes, minlength=count)
    # Whole numbers, so that exactly a tenth is enough.
    covered = (drawn > 0) & (_COVERED_TIMES * drawn * len(real_classes) >= real * len(classes))
    parts = drawn[drawn > 0] / len(classes)
    entropy = -(parts * np.log(parts)).sum() / np.log(count)
    return ClassSpread(float(covered[real > 0].mean()), float(max(0.0, entropy)))
