"""The real images nearest to what a model draws: is anything memorized?"""

from dataclasses import dataclass

import numpy as np

from kerasgan.metrics.nearest import nearest

# A fake is a near copy if it is nearer to a real than so many reals are to other reals.
NEAR_QUANTILE = 0.01


@dataclass(frozen=True, eq=False)
class Neighbours:
    """What lies nearest to fakes, and to other reals, among reals.

    A model that has memorized draws fakes that are nearer to the reals it was trained on than
    these are to each other.

    The converse does not hold: smooth pictures lie near smooth reals, of which they are no copies.
    So look at the pairs before calling anything memorized.

    Attributes:
        distances: float64 `(m,)`, of each fake to its nearest real.
        indices: int64 `(m,)`, which of the reals that is.
        real_distances: float64 `(n,)`, of each of the other reals to its nearest real.
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
        """The part of fakes nearer to a real than all but 1 % of the other reals are."""
        return float((self.distances < self._near).mean())

    @property
    def real_near_copies(self) -> float:
        """The same part of the other reals, at most 0.01."""
        return float((self.real_distances < self._near).mean())

    @property
    def _near(self) -> float:
        return float(np.quantile(self.real_distances, NEAR_QUANTILE))


def neighbours(fakes: np.ndarray, reals: np.ndarray, other_reals: np.ndarray) -> Neighbours:
    """Returns the nearest of `reals` to fakes and to other reals.

    Args:
        fakes: Features of what the model draws, `(m, features)`.
        reals: Features of images that it was trained on, `(n, features)`.
        other_reals: Features of further real images, `(l, features)`.
    """
    found = nearest(fakes, reals)
    return Neighbours(found.distances, found.indices, nearest(other_reals, reals).distances)
