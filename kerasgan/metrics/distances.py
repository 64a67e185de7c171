"""The Fréchet distance and the kernel distance between two sets of features."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from kerasgan.metrics.feature_set import FeatureSet, as_feature_set

BLOCKS = 10


class KernelDistance(NamedTuple):
    """A squared maximum mean discrepancy.

    Attributes:
        value: Its unbiased estimate, which may be below 0 where the two sets are alike.
        standard_error: The standard error of the value.
    """

    value: float
    standard_error: float


def frechet_distance(reals: np.ndarray | FeatureSet, fakes: np.ndarray | FeatureSet) -> float:
    """Returns the Fréchet distance of the normal distributions fitted to two sets of features.

        |m_r - m_f|^2 + tr(C_r + C_f - 2 (C_r C_f)^(1/2))

    m are the means and C the covariances (with the divisor n - 1). With the features of one
    particular InceptionV3 this is what the literature calls FID.

    The estimate is biased: two samples of one distribution have a distance above zero, which is
    larger for smaller samples. So compare distances of equal sample sizes only, and relate them to
    the distance between two samples of reals of that size.

    Args:
        reals: `(n, features)`, n at least 2.
        fakes: `(m, features)`, m at least 2.

    Returns:
        The distance, at least 0; 0 for equal means and covariances.

    Raises:
        UserError: There are too few features.

    Reference:
        Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
        Equilibrium", 2017, https://arxiv.org/abs/1706.08500, equation 6.
    """
    reals = as_feature_set(reals, "reals", least=2)
    fakes = as_feature_set(fakes, "fakes", least=2, beside=reals)
    mean_difference = reals.features.mean(axis=0) - fakes.features.mean(axis=0)
    root_r, root_f = reals.covariance_root, fakes.covariance_root
    # With C = R^T R for each, the eigenvalues of C_r C_f are those of (R_r R_f^T)(R_r R_f^T)^T,
    # so the trace of its root is the sum of the singular values of R_r R_f^T. Unlike a matrix
    # root this is exact for singular covariances, such as those of fewer images than features.
    trace_of_root = np.linalg.svd(root_r @ root_f.T, compute_uv=False).sum()
    traces = np.square(root_r).sum() + np.square(root_f).sum()
    return float(max(0.0, mean_difference @ mean_difference + traces - 2.0 * trace_of_root))


def kernel_distance(
    reals: np.ndarray | FeatureSet, fakes: np.ndarray | FeatureSet
) -> KernelDistance:
    """Returns the unbiased squared maximum mean discrepancy of two sets of features.

        mean_{i != j} k(r_i, r_j) + mean_{i != j} k(f_i, f_j) - 2 mean_{i, j} k(r_i, f_j),
        k(x, y) = (x . y / d + 1)^3

    d is the number of features. With the features of one particular InceptionV3 this is what the
    literature calls KID. Its expectation is 0 for two samples of one distribution, however large
    they are.

    The standard error is that of the mean of ten estimates, each from a tenth of either set; the
    tenths are taken in order and do not overlap.

    Args:
        reals: `(n, features)`, n at least 20.
        fakes: `(m, features)`, m at least 20.

    Raises:
        UserError: There are too few features.

    Reference:
        Binkowski et al., "Demystifying MMD GANs", 2018, https://arxiv.org/abs/1801.01401
        (the kernel inception distance).
    """
    # The discrepancy of each block needs two rows of either set.
    reals = as_feature_set(reals, "reals", least=2 * BLOCKS)
    fakes = as_feature_set(fakes, "fakes", least=2 * BLOCKS, beside=reals)
    parts = zip(
        np.array_split(reals.features, BLOCKS), np.array_split(fakes.features, BLOCKS), strict=True
    )
    estimates = [_squared_discrepancy(FeatureSet(r), FeatureSet(f)) for r, f in parts]
    error = np.std(estimates, ddof=1) / np.sqrt(BLOCKS)
    return KernelDistance(_squared_discrepancy(reals, fakes), float(error))


def _squared_discrepancy(reals: FeatureSet, fakes: FeatureSet) -> float:
    between = sum(map(np.sum, _kernels(fakes, reals, fakes.distances_to(reals))))
    mean_between = between / (len(fakes) * len(reals))
    return float(_mean_within(reals) + _mean_within(fakes) - 2.0 * mean_between)


def _mean_within(x: FeatureSet) -> float:
    """Returns the mean of k over all pairs of two different rows."""
    total = sum(map(np.sum, _kernels(x, x, x.distances_within())))
    diagonal = _cubed(x.squared_norms / x.features.shape[1] + 1.0).sum()
    return (total - diagonal) / (len(x) * (len(x) - 1))


def _kernels(
    x: FeatureSet, y: FeatureSet, distances: Iterator[tuple[slice, np.ndarray]]
) -> Iterator[np.ndarray]:
    """Yields k of the rows of `x` and all rows of `y`, from their distances."""
    size = x.features.shape[1]
    for rows, block in distances:
        # x.y = (|x|^2 + |y|^2 - |x - y|^2) / 2
        base = np.square(block)
        np.subtract(y.squared_norms, base, out=base)
        base += x.squared_norms[rows, None]
        base /= 2.0 * size
        base += 1.0
        yield _cubed(base)


def _cubed(base: np.ndarray) -> np.ndarray:
    return base * base * base  # many times as fast as `base**3`
