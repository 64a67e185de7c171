"""The real images nearest to the fakes, which show whether a model memorized its training set."""

from dataclasses import dataclass

import numpy as np

from kerasgan.metrics.feature_set import FeatureSet, as_feature_set

# A fake is a near copy if its nearest real is closer than this quantile of the distances between
# other reals and their nearest real.
NEAR_QUANTILE = 0.01
# A distance that is a smaller part of the median is that of copies, whose features are rounded.
_ROUNDING = 1e-4


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest real of each fake, and of each of some other reals for comparison.

    A model that memorized its training set draws fakes that are closer to the training images
    than these are to each other. The converse does not hold: smooth fakes lie close to smooth
    reals without being copies of them. So look at the pairs before calling anything memorized.

    Attributes:
        distances: float64 `(m,)`, the distance of each fake to its nearest real.
        indices: int64 `(m,)`, the index of that real.
        real_distances: float64 `(l,)`, the distance of each of the other reals to its nearest
            real.
    """

    distances: np.ndarray
    indices: np.ndarray
    real_distances: np.ndarray

    @property
    def median(self) -> float:
        """The median of the fakes' distances."""
        return float(np.median(self.distances))

    @property
    def real_median(self) -> float:
        """The median of the other reals' distances."""
        return float(np.median(self.real_distances))

    @property
    def near_copies(self) -> float:
        """The fraction of fakes that are closer to a real than 99 % of the other reals are.

        Other reals that are copies of reals themselves, to rounding, do not count among these.
        """
        return float((self.distances < self._near).mean())

    @property
    def real_near_copies(self) -> float:
        """The same fraction of the other reals.

        Of l of them it is ceil(0.01 (l - 1)) / l if all have other distances: about 0.01, but 0.02
        of fifty.
        """
        return float((self.real_distances < self._near).mean())

    @property
    def _near(self) -> float:
        least = _ROUNDING * self.real_median
        apart = self.real_distances[self.real_distances > least]
        return float(np.quantile(apart, NEAR_QUANTILE)) if len(apart) else least


def neighbours(
    reals: np.ndarray | FeatureSet,
    fakes: np.ndarray | FeatureSet,
    other_reals: np.ndarray | FeatureSet,
) -> Neighbours:
    """Returns the nearest of `reals` to each fake and to each of the other reals.

    Args:
        reals: Features of training images, `(n, features)`.
        fakes: Features of the fakes, `(m, features)`.
        other_reals: Features of further real images, `(l, features)`.

    Raises:
        UserError: There are none of one of them.
    """
    reals = as_feature_set(reals, "reals")
    distances, indices = as_feature_set(fakes, "fakes", beside=reals).nearest_in(reals)
    real_distances, _ = as_feature_set(other_reals, "other reals", beside=reals).nearest_in(reals)
    return Neighbours(distances, indices, real_distances)
