"""Precision and recall of what a generator draws."""

from typing import NamedTuple

import numpy as np

from kerasgan.metrics.nearest import distances, radii


class PrecisionRecall(NamedTuple):
    """How much of the fakes is real, and how much of the reals is drawn.

    Attributes:
        precision: The part of fakes that lie among the reals, in [0, 1].
        recall: The part of reals that lie among the fakes, in [0, 1].
    """

    precision: float
    recall: float


def precision_recall(reals: np.ndarray, fakes: np.ndarray, *, k: int = 3) -> PrecisionRecall:
    """Returns the improved precision and recall of two sets of features.

        precision = mean_j [f_j in M(reals)]
        recall = mean_i [r_i in M(fakes)]

    where M, the manifold of a set, is the union of the balls around its members that each reach
    to the member's k-th nearest other one.

    Args:
        reals: `(n, features)`, n above k.
        fakes: `(m, features)`, m above k.
        k: At least 1; the paper has 3.

    Reference:
        Kynkaanniemi et al., "Improved Precision and Recall Metric for Assessing Generative
        Models", 2019, https://arxiv.org/abs/1904.06991, equations 1 and 2.
    """
    return PrecisionRecall(_part_within(fakes, reals, k), _part_within(reals, fakes, k))


def _part_within(queries: np.ndarray, features: np.ndarray, k: int) -> float:
    reach = radii(features, k)
    inside = [(block <= reach).any(axis=1) for block in distances(queries, features)]
    return float(np.concatenate(inside).mean())
