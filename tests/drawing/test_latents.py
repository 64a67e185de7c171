import math
from statistics import NormalDist

import numpy as np
import pytest

from kerasgan.drawing import towards_mean, truncate
from kerasgan.errors import UserError

A = np.random.default_rng(0).normal(size=5).astype(np.float32)


@pytest.mark.parametrize("threshold", [0.5, 1.0, 3.0])
def test_truncation_is_the_inverse_of_the_truncated_distribution(threshold):
    normal = NormalDist()
    low, high = normal.cdf(-threshold), normal.cdf(threshold)
    z = np.linspace(-5, 5, 41)
    expected = [normal.inv_cdf(low + (high - low) * normal.cdf(value)) for value in z]
    np.testing.assert_allclose(truncate(z, threshold), expected, atol=2e-6)


def test_truncation_keeps_signs_and_bounds_even_of_extreme_latents():
    z = np.array([-1e3, -40.0, -1e-3, 0.0, 1e-3, 40.0, 1e3])
    truncated = truncate(z, 0.7)
    np.testing.assert_array_equal(np.sign(truncated), np.sign(z))
    np.testing.assert_allclose(truncated[[0, 1, -2, -1]], [-0.7, -0.7, 0.7, 0.7], atol=1e-6)
    assert np.abs(truncated).max() <= np.float32(0.7)


def test_a_high_threshold_changes_nothing():
    np.testing.assert_allclose(truncate(A, 12.0), A, atol=1e-6)


@pytest.mark.parametrize("threshold", [0.0, -1.0, math.nan])
def test_a_threshold_must_be_positive(threshold):
    with pytest.raises(ValueError, match="truncation must be a positive number"):
        truncate(A, threshold)


@pytest.mark.parametrize("psi", [0.0, 0.7, 1, -2.5])
def test_psi_scales_latents_towards_their_mean(psi):
    moved = towards_mean(A, psi)
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved, [psi * value for value in A.tolist()], rtol=1e-6)


@pytest.mark.parametrize("psi", [10.5, -11, math.nan, math.inf])
def test_psi_has_a_range(psi):
    with pytest.raises(UserError, match=f"psi={psi}"):
        towards_mean(A, psi)
