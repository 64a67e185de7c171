"""Density and coverage of what a generator draws."""

from typing import NamedTuple

import numpy as np

from kerasgan.metrics.nearest import distances, nearest, radii


class DensityCoverage(NamedTuple):
    """How thickly fakes lie where reals lie thickly, and how many reals have a fake near them.

    Attributes:
        density: Not negative; around 1 for samples of one distribution, and above 1 where fakes
            crowd around the most usual reals.
        coverage: In [0, 1].
    """

    density: float
    coverage: float


def density_coverage(reals: np.ndarray, fakes: np.ndarray, *, k: int = 5) -> DensityCoverage:
    """Returns the density and coverage of two sets of features.

        density = 1 / (k m) sum_j sum_i [f_j in B(r_i)]
        coverage = 1 / n sum_i [some f_j in B(r_i)]

    where B(r_i) is the ball around the real r_i that reaches to its k-th nearest other real.
    Unlike precision, density is not led astray by a single outlier among the reals; unlike
    recall, coverage is not raised by outliers among the fakes.

    Args:
        reals: `(n, features)`, n above k.
        fakes: `(m, features)`.
        k: At least 1; the paper has 5.

    Reference:
        Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020,
        https://arxiv.org/abs/2002.09797, equations 3 and 4.
    """
    reach = radii(reals, k)
    inside = sum(int((block <= reach).sum()) for block in distances(fakes, reals))
    covered = nearest(reals, fakes).distances <= reach
    return DensityCoverage(inside / (k * len(fakes)), float(covered.mean()))
