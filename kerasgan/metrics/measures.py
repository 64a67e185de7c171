"""All measures of two sets of features at once."""

import numpy as np

from kerasgan.metrics.density_coverage import density_coverage
from kerasgan.metrics.frechet_distance import frechet_distance
from kerasgan.metrics.kernel_distance import kernel_distance
from kerasgan.metrics.precision_recall import precision_recall

K_PRECISION_RECALL = 3
K_DENSITY_COVERAGE = 5


def measures(reals: np.ndarray, fakes: np.ndarray) -> dict[str, tuple[float, float | None]]:
    """Returns each measure's value, and its standard error where it is known, by its name.

    Args:
        reals: Features of real images, `(n, features)`.
        fakes: Features of what a model draws, or of other reals for the floor, `(n, features)`.
    """
    kernel = kernel_distance(reals, fakes)
    precision, recall = precision_recall(reals, fakes, k=K_PRECISION_RECALL)
    density, coverage = density_coverage(reals, fakes, k=K_DENSITY_COVERAGE)
    return {
        "frechet_distance": (frechet_distance(reals, fakes), None),
        "kernel_distance": (kernel.value, kernel.standard_error),
        "precision": (precision, None),
        "recall": (recall, None),
        "density": (density, None),
        "coverage": (coverage, None),
    }
