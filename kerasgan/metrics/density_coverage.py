"""Density and coverage of two sets of features."""

from typing import NamedTuple

import numpy as np

from kerasgan.metrics.feature_set import FeatureSet, as_feature_set


class DensityCoverage(NamedTuple):
    """How densely the fakes lie around the reals, and how many reals have a fake close by.

    Attributes:
        density: At least 0; about 1 for samples of one distribution, and above 1 where the fakes
            crowd around the most typical reals.
        coverage: The fraction of reals with a fake close by, in [0, 1].
    """

    density: float
    coverage: float


def density_coverage(
    reals: np.ndarray | FeatureSet, fakes: np.ndarray | FeatureSet, *, k: int = 5
) -> DensityCoverage:
    """Returns the density and coverage of two sets of features.

        density = 1 / (k m) sum_j sum_i [f_j in B(r_i)]
        coverage = 1 / n sum_i [some f_j in B(r_i)]

    B(r_i) is the ball around the real r_i whose radius is the distance to the k-th nearest other
    real. Unlike precision, density is robust to outliers among the reals; unlike recall, coverage
    is robust to outliers among the fakes.

    Args:
        reals: `(n, features)`, n above k.
        fakes: `(m, features)`.
        k: At least 1; the paper uses 5.

    Reference:
        Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020,
        https://arxiv.org/abs/2002.09797, equations 3 and 4.
    """
    reals, fakes = as_feature_set(reals), as_feature_set(fakes)
    radii = reals.radii(k)
    inside = 0
    covered = np.zeros(len(reals), bool)
    for _, distances in fakes.distances_to(reals):
        in_ball = distances <= radii
        inside += int(in_ball.sum())
        covered |= in_ball.any(axis=0)
    return DensityCoverage(inside / (k * len(fakes)), float(covered.mean()))
