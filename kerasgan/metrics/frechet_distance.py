"""The Fréchet distance between two sets of features."""

import numpy as np


def frechet_distance(reals: np.ndarray, fakes: np.ndarray) -> float:
    """Returns the Fréchet distance of the normal distributions fitted to two sets of features.

        |m_r - m_f|^2 + tr(C_r + C_f - 2 (C_r C_f)^(1/2))

    with the means m and the covariances C (of divisor n - 1). With the features of one certain
    InceptionV3 it is what the literature calls FID.

    It is biased: two samples of one distribution have a distance above zero, the larger the
    fewer they are. So compare distances of equal counts only, and with the distance between as
    many reals and as many others.

    Args:
        reals: `(n, features)`, n at least 2.
        fakes: `(m, features)`, m at least 2.

    Returns:
        The distance, not negative; 0 for equal means and covariances.

    Reference:
        Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
        Equilibrium", 2017, https://arxiv.org/abs/1706.08500, equation 6.
    """
    reals, fakes = np.asarray(reals, np.float64), np.asarray(fakes, np.float64)
    mean_difference = reals.mean(axis=0) - fakes.mean(axis=0)
    root_r, root_f = _root(reals), _root(fakes)
    # With C = R^T R for each, the eigenvalues of C_r C_f are those of (R_r R_f^T)(R_r R_f^T)^T,
    # and so the trace of its root is the sum of the singular values of R_r R_f^T. Unlike a matrix
    # root this is exact for covariances without an inverse, as those of few pictures are.
    trace_of_root = np.linalg.svd(root_r @ root_f.T, compute_uv=False).sum()
    traces = np.square(root_r).sum() + np.square(root_f).sum()
    return float(max(0.0, mean_difference @ mean_difference + traces - 2.0 * trace_of_root))


def _root(features: np.ndarray) -> np.ndarray:
    """Returns R of `(min(n, features), features)` such that R^T R is the covariance."""
    centred = (features - features.mean(axis=0)) / np.sqrt(len(features) - 1)
    return centred if len(centred) <= centred.shape[1] else np.linalg.qr(centred, mode="r")
