"""How far apart a Wasserstein critic takes two sets of images to be."""

from typing import NamedTuple

import numpy as np


class CriticDistance(NamedTuple):
    """A difference of mean scores.

    Attributes:
        value: The difference.
        standard_error: Of the value.
    """

    value: float
    standard_error: float


def critic_distance(real_scores: np.ndarray, fake_scores: np.ndarray) -> CriticDistance:
    """Returns the Wasserstein critic's estimate of the distance of two sets of images.

        E_x[f(x)] - E_z[f(G(z))]

    On images that the critic f was trained on it grows as the critic learns them by heart, and on
    others it does not. Critics differ in their slopes, so distances of two models do not compare.

    Args:
        real_scores: `(n,)`, n at least 2.
        fake_scores: `(m,)`, m at least 2.

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017, https://arxiv.org/abs/1701.07875,
        equation 2.
    """
    reals, fakes = np.asarray(real_scores, np.float64), np.asarray(fake_scores, np.float64)
    variance = np.var(reals, ddof=1) / len(reals) + np.var(fakes, ddof=1) / len(fakes)
    return CriticDistance(float(reals.mean() - fakes.mean()), float(np.sqrt(variance)))
