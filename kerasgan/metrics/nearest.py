"""Distances to the nearest features."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

# Distances are made for so many rows at a time, so that memory grows with n, not with n^2.
_ROWS = 1024


class Nearest(NamedTuple):
    """The nearest of some features, for each of others.

    Attributes:
        distances: float64 `(n,)`, Euclidean.
        indices: int64 `(n,)`.
    """

    distances: np.ndarray
    indices: np.ndarray


def nearest(queries: np.ndarray, features: np.ndarray) -> Nearest:
    """Returns for each query the nearest of the features.

    Args:
        queries: `(n, d)`.
        features: `(m, d)`, m at least 1.
    """
    parts = [(block.min(axis=1), block.argmin(axis=1)) for block in distances(queries, features)]
    return Nearest(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def radii(features: np.ndarray, k: int) -> np.ndarray:
    """Returns for each of the features the distance to its k-th nearest other one.

    Args:
        features: `(n, d)`, n above k.
        k: At least 1.

    Returns:
        float64 `(n,)`.
    """
    parts, first = [], 0
    for block in distances(features, features):
        rows = np.arange(len(block))
        block[rows, first + rows] = np.inf
        parts.append(np.partition(block, k - 1, axis=1)[:, k - 1])
        first += len(block)
    return np.concatenate(parts)


def distances(x: np.ndarray, y: np.ndarray) -> Iterator[np.ndarray]:
    """Yields the Euclidean distances of the rows of `x` to all of `y`, float64 `(rows, m)`."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    squares = np.square(y).sum(axis=1)
    for first in range(0, len(x), _ROWS):
        rows = x[first : first + _ROWS]
        squared = np.square(rows).sum(axis=1)[:, None] + squares - 2.0 * rows @ y.T
        yield np.sqrt(np.maximum(squared, 0.0))
