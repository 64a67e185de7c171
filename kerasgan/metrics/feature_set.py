"""Features, and what several measures compute from them."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from kerasgan.errors import UserError

# Distances are computed for this many rows at a time.
ROWS = 1024

# The largest number of distances that is kept (128 MiB); more are computed each time they are
# needed, so that memory does not grow with the square of the number of features.
_MOST_KEPT = 2**24


class FeatureSet:
    """Features of images, whose distances and covariance are computed once and kept.

    Every measure takes arrays or feature sets. Measures of the same feature sets share the
    distances between them, which take most of the time.

    Args:
        features: Real numbers `(n, d)`, one row per image.

    Attributes:
        features: float64 `(n, d)`.
        squared_norms: float64 `(n,)`, the squared lengths of the rows.
    """

    def __init__(self, features: np.ndarray) -> None:
        self.features = np.asarray(features, np.float64)
        self.squared_norms = np.square(self.features).sum(axis=1)
        self._kept: tuple[FeatureSet, list[tuple[slice, np.ndarray]]] | None = None
        self._radii: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.features)

    def distances_to(self, other: "FeatureSet") -> Iterator[tuple[slice, np.ndarray]]:
        """Yields blocks of rows, and their Euclidean distances to all features of `other`.

        The distances to the last other set are kept if they are not too many.

        Yields:
            The rows as a slice, and their distances, float64 `(rows, len(other))`. Do not write
            to them.
        """
        if len(self) * len(other) > _MOST_KEPT:
            yield from self._computed(other)
            return
        if self._kept is None or self._kept[0] is not other:
            self._kept = other, list(self._computed(other))
        yield from self._kept[1]

    def distances_within(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Yields what `distances_to` yields of the features among themselves."""
        if len(self) ** 2 > _MOST_KEPT:
            yield from self._computed(self)
        else:
            yield from self._within

    def radii(self, k: int) -> np.ndarray:
        """Returns the distance of each of the features to its k-th nearest other one.

        Args:
            k: From 1 to `len(self) - 1`.

        Returns:
            float64 `(n,)`.
        """
        if k not in self._radii:
            self._radii[k] = np.concatenate(
                [_radii_of_block(rows, block, k) for rows, block in self.distances_within()]
            )
        return self._radii[k]

    def nearest_in(self, other: "FeatureSet") -> tuple[np.ndarray, np.ndarray]:
        """Returns the nearest feature of `other` to each of the features.

        Returns:
            The distances, float64 `(n,)`, and the indices in `other`, int64 `(n,)`.
        """
        found = [(b.min(axis=1), b.argmin(axis=1)) for _, b in self.distances_to(other)]
        distances, indices = zip(*found, strict=True)
        return np.concatenate(distances), np.concatenate(indices)

    @cached_property
    def covariance_root(self) -> np.ndarray:
        """R, float64 `(min(n, d), d)`, such that R^T R is the covariance (with divisor n - 1)."""
        centred = (self.features - self.features.mean(axis=0)) / np.sqrt(len(self) - 1)
        if len(centred) <= centred.shape[1]:
            return centred
        return np.asarray(np.linalg.qr(centred, mode="r"))

    @cached_property
    def _within(self) -> list[tuple[slice, np.ndarray]]:
        return list(self._computed(self))

    def _computed(self, other: "FeatureSet") -> Iterator[tuple[slice, np.ndarray]]:
        for first in range(0, len(self), ROWS):
            rows = slice(first, min(first + ROWS, len(self)))
            # |x - y|^2 = |x|^2 + |y|^2 - 2 x.y
            squared = self.features[rows] @ other.features.T
            squared *= -2.0
            squared += self.squared_norms[rows, None]
            squared += other.squared_norms
            np.maximum(squared, 0.0, out=squared)
            yield rows, np.sqrt(squared, out=squared)


def as_feature_set(
    features: np.ndarray | FeatureSet,
    name: str = "features",
    *,
    least: int = 1,
    beside: FeatureSet | None = None,
) -> FeatureSet:
    """Returns features as a `FeatureSet`.

    Args:
        features: Real numbers `(n, d)`, or a set of them.
        name: What they are, for the message.
        least: The least n of which a measure has a meaning.
        beside: The features that they are compared with, if there are any.

    Raises:
        UserError: They have another shape, or are not finite, or there are too few.
    """
    if not isinstance(features, FeatureSet):
        if np.ndim(features) != 2:
            raise UserError(
                f"{name} must have the shape (images, features). "
                f"Received: shape {np.shape(features)}"
            )
        features = FeatureSet(features)
        bad = np.flatnonzero(~np.isfinite(features.squared_norms))
        if len(bad):
            raise UserError(f"{name} must be finite numbers. Received: others in row {bad[0]:,}")
    if beside is not None and features.features.shape[1] != beside.features.shape[1]:
        raise UserError(
            f"features of two sets must be of one network. Received: {name} of "
            f"{features.features.shape[1]} numbers beside others of {beside.features.shape[1]}"
        )
    if len(features) < least:
        raise UserError(
            f"there must be the features of at least {least} {name}. Received: {len(features)}"
        )
    return features


def _radii_of_block(rows: slice, block: np.ndarray, k: int) -> np.ndarray:
    others = block.copy()
    others[np.arange(len(block)), np.arange(rows.start, rows.stop)] = np.inf
    return np.partition(others, k - 1, axis=1)[:, k - 1]
