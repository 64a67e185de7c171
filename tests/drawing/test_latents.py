import math
from statistics import NormalDist

import numpy as np
import pytest

from kerasgan.drawing import read_latents, truncate, write_latents
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
    with pytest.raises(ValueError, match="truncation must be positive"):
        truncate(A, threshold)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (4, 3)])
def test_latents_come_back_as_written(tmp_path, shape):
    latents = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    path = write_latents(latents, tmp_path / "new" / "z.npy")
    np.testing.assert_array_equal(read_latents(path, 3), latents.reshape(-1, 3))


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.float32(1.0), r"shape \(\)"),
        (np.zeros(4), r"have length 3, .* Received: an array of shape \(4,\)"),
        (np.zeros((2, 2, 3)), r"shape \(2, 2, 3\)"),
        (np.zeros((0, 3)), r"shape \(0, 3\)"),
        (np.array([1.0, np.nan, 0.0]), "not finite"),
        (np.array([1e300, 0.0, 0.0]), "not finite"),
        (np.array(["a", "b", "c"]), "real numbers"),
        (np.array([1j, 0, 0]), "real numbers"),
    ],
)
def test_arrays_that_are_no_latents_of_the_model_are_refused(tmp_path, array, said):
    np.save(tmp_path / "z.npy", array)
    with pytest.raises(UserError, match=rf"z\.npy.*{said}"):
        read_latents(tmp_path / "z.npy", 3)


def test_files_that_are_no_arrays_are_refused(tmp_path):
    (tmp_path / "text.npy").write_text("no array")
    (tmp_path / "empty.npy").touch()
    np.save(tmp_path / "objects.npy", np.array([print]), allow_pickle=True)
    for name in ("text.npy", "empty.npy", "objects.npy"):
        with pytest.raises(UserError, match=f"{name} is not a .npy file of numbers"):
            read_latents(tmp_path / name, 3)
    with pytest.raises(UserError, match=r"missing\.npy: No such file"):
        read_latents(tmp_path / "missing.npy", 3)


def test_another_ending_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UserError, match=r"z\.txt: latents are kept in \.npy files"):
        write_latents(np.zeros(3), tmp_path / "z.txt")
    assert list(tmp_path.iterdir()) == []
