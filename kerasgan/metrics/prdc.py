"""Precision, recall, density and coverage of two sets of features."""

from typing import NamedTuple

import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.metrics.feature_set import FeatureSet, as_feature_set


class PrecisionRecall(NamedTuple):
    """How realistic the fakes are, and how much of the variety of the reals they have.

    Attributes:
        precision: The fraction of fakes that lie in the manifold of the reals, in [0, 1].
        recall: The fraction of reals that lie in the manifold of the fakes, in [0, 1].

    Reference:
        Kynkaanniemi et al., 2019, as in `precision_recall`.
    """

    precision: float
    recall: float


def precision_recall(
    reals: np.ndarray | FeatureSet, fakes: np.ndarray | FeatureSet, *, k: int = 3
) -> PrecisionRecall:
    """Returns the improved precision and recall of two sets of features.

        precision = mean_j [f_j in M(reals)]
        recall = mean_i [r_i in M(fakes)]

    The manifold M of a set is the union of balls around its members; the radius of each ball is
    the distance of the member to its k-th nearest other member.

    Args:
        reals: float `(n, features)`, n above k.
        fakes: float `(m, features)`, m above k.
        k: At least 1; the paper uses 3.

    Raises:
        UserError: There are too few features, or k is not an integer of at least 1.

    Reference:
        Kynkaanniemi et al., "Improved Precision and Recall Metric for Assessing Generative
        Models", 2019, https://arxiv.org/abs/1904.06991, equations 1 and 2.
    """
    k = whole_number("k", k, least=1)
    reals = as_feature_set(reals, "reals", least=k + 1)
    fakes = as_feature_set(fakes, "fakes", least=k + 1, beside=reals)
    real_radii, fake_radii = reals.radii(k), fakes.radii(k)
    realistic = []
    covered = np.zeros(len(reals), bool)
    for rows, distances in fakes.distances_to(reals):
        realistic.append((distances <= real_radii).any(axis=1))
        covered |= (distances <= fake_radii[rows, None]).any(axis=0)
    return PrecisionRecall(float(np.concatenate(realistic).mean()), float(covered.mean()))


class DensityCoverage(NamedTuple):
    """How densely the fakes lie around the reals, and how many reals have a fake close by.

    Attributes:
        density: From 0 to n / k for n reals; about 1 if both are samples of one distribution, and
            above 1 if the fakes crowd around the most typical reals.
        coverage: The fraction of reals with a fake close by, in [0, 1].

    Reference:
        Naeem et al., 2020, as in `density_coverage`.
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
        reals: float `(n, features)`, n above k.
        fakes: float `(m, features)`, m at least 1.
        k: At least 1; the paper uses 5.

    Raises:
        UserError: There are too few features, or k is not an integer of at least 1.

    Reference:
        Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020,
        https://arxiv.org/abs/2002.09797, equations 3 and 4.
    """
    k = whole_number("k", k, least=1)
    reals = as_feature_set(reals, "reals", least=k + 1)
    fakes = as_feature_set(fakes, "fakes", beside=reals)
    radii = reals.radii(k)
    inside = 0
    covered = np.zeros(len(reals), bool)
    for _, distances in fakes.distances_to(reals):
        in_ball = distances <= radii
        inside += int(in_ball.sum())
        covered |= in_ball.any(axis=0)
    return DensityCoverage(inside / (k * len(fakes)), float(covered.mean()))
