"""The kernel distance between two sets of features."""

from typing import NamedTuple

import numpy as np

BLOCKS = 10


class KernelDistance(NamedTuple):
    """A squared maximum mean discrepancy.

    Attributes:
        value: Its unbiased estimate, which may be below 0 where the sets are alike.
        standard_error: Of the value.
    """

    value: float
    standard_error: float


def kernel_distance(reals: np.ndarray, fakes: np.ndarray) -> KernelDistance:
    """Returns the unbiased squared maximum mean discrepancy of two sets of features.

        mean_{i != j} k(r_i, r_j) + mean_{i != j} k(f_i, f_j) - 2 mean_{i, j} k(r_i, f_j),
        k(x, y) = (x . y / d + 1)^3

    over the d features. With the features of one certain InceptionV3 it is what the literature
    calls KID. Its expectation is 0 for two samples of one distribution, whatever their number.

    The standard error is that of the mean of the same estimate over ten pairs of disjoint blocks
    of the two sets, in their order.

    Args:
        reals: `(n, features)`, n at least 20.
        fakes: `(m, features)`, m at least 20.

    Reference:
        Binkowski et al., "Demystifying MMD GANs", 2018, https://arxiv.org/abs/1801.01401,
        section 3 and equation 4.
    """
    reals, fakes = np.asarray(reals, np.float64), np.asarray(fakes, np.float64)
    blocks = [
        _squared_discrepancy(r, f)
        for r, f in zip(np.array_split(reals, BLOCKS), np.array_split(fakes, BLOCKS), strict=True)
    ]
    error = np.std(blocks, ddof=1) / np.sqrt(BLOCKS)
    return KernelDistance(_squared_discrepancy(reals, fakes), float(error))


def _squared_discrepancy(reals: np.ndarray, fakes: np.ndarray) -> float:
    within = _mean_of_pairs(reals) + _mean_of_pairs(fakes)
    return float(within - 2.0 * _kernel(reals, fakes).mean())


def _mean_of_pairs(x: np.ndarray) -> float:
    """Returns the mean of k over all pairs of two different rows."""
    kernel = _kernel(x, x)
    return (kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1))


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    base = x @ y.T / x.shape[1] + 1.0
    return base * base * base  # many times as fast as a power
