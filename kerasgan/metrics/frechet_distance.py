"""The Fréchet distance between two sets of features."""

import numpy as np

from kerasgan.metrics.feature_set import FeatureSet, as_feature_set


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

    Reference:
        Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
        Equilibrium", 2017, https://arxiv.org/abs/1706.08500, equation 6.
    """
    reals, fakes = as_feature_set(reals), as_feature_set(fakes)
    mean_difference = reals.features.mean(axis=0) - fakes.features.mean(axis=0)
    root_r, root_f = reals.covariance_root, fakes.covariance_root
    # With C = R^T R for each, the eigenvalues of C_r C_f are those of (R_r R_f^T)(R_r R_f^T)^T,
    # so the trace of its root is the sum of the singular values of R_r R_f^T. Unlike a matrix
    # root this is exact for singular covariances, such as those of fewer images than features.
    trace_of_root = np.linalg.svd(root_r @ root_f.T, compute_uv=False).sum()
    traces = np.square(root_r).sum() + np.square(root_f).sum()
    return float(max(0.0, mean_difference @ mean_difference + traces - 2.0 * trace_of_root))
