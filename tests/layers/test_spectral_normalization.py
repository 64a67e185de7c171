import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import SpectralNormalization
from kerasgan.precision import dtype_policy

KERNEL = np.random.default_rng(0).normal(size=(3, 3, 2, 5)).astype("float32")
MATRIX = KERNEL.reshape(-1, 5).astype("float64")


def power_iteration(matrix, u):
    """One step: v, u and sigma, as in algorithm 1."""
    v = matrix @ u
    v /= np.linalg.norm(v)
    u = matrix.T @ v
    u /= np.linalg.norm(u)
    return v, u, v @ matrix @ u


@pytest.fixture
def layer():
    keras.utils.set_random_seed(1)
    layer = SpectralNormalization()
    layer.build(KERNEL.shape)
    return layer


def test_divides_by_the_estimate_of_one_step_of_power_iteration(layer):
    _, u, sigma = power_iteration(MATRIX, layer.u.numpy().astype("float64"))
    np.testing.assert_allclose(layer(KERNEL, training=True), KERNEL / sigma, rtol=1e-5)
    np.testing.assert_allclose(layer.u, u, rtol=1e-5, atol=1e-6)


def test_converges_to_the_largest_singular_value(layer):
    for _ in range(100):
        normalized = layer(KERNEL, training=True)
    largest = np.linalg.svd(MATRIX, compute_uv=False)[0]
    np.testing.assert_allclose(normalized, KERNEL / largest, rtol=1e-5)


def test_gradient_includes_that_of_sigma(layer):
    upstream = np.random.default_rng(2).normal(size=MATRIX.shape)
    v, u, sigma = power_iteration(MATRIX, layer.u.numpy().astype("float64"))
    kernel = tf.constant(KERNEL)
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        weighted = layer(kernel, training=True) * upstream.reshape(KERNEL.shape)
        total = tf.reduce_sum(weighted)
    # d/dW sum(G * W / sigma) with d sigma / dW = v u^T.
    expected = upstream / sigma - np.sum(upstream * MATRIX) / sigma**2 * np.outer(v, u)
    gradient = tf.reshape(tape.gradient(total, kernel), MATRIX.shape)
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)


def test_out_of_training_the_vector_stays(layer):
    before = layer.u.numpy()
    _, _, sigma = power_iteration(MATRIX, before.astype("float64"))
    np.testing.assert_allclose(layer(KERNEL), KERNEL / sigma, rtol=1e-5)
    np.testing.assert_array_equal(layer.u, before)


def test_computes_in_float32_under_mixed_precision():
    with dtype_policy("mixed_bfloat16"):
        layer = SpectralNormalization()
    assert layer(KERNEL, training=True).dtype == tf.float32
