import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers.cpu.bias import add_bias
from kerasgan.precision import resolve_precision

DTYPES = ["float32", "bfloat16", "float16"]


def case(dtype):
    """Returns 40,000 places of maps, a bias, and slopes of mean 0.1, all of a dtype."""
    maps, slopes = (
        tf.cast(tf.random.stateless_normal((4, 100, 100, 3), seed, mean=mean), dtype)
        for seed, mean in (((1, 2), 0.0), ((3, 4), 0.1))
    )
    return maps, tf.constant([-1.0, 0.0, 2.0], dtype), slopes


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradient_is_the_sum_of_all_slopes(dtype):
    maps, bias, slopes = case(dtype)
    with tf.GradientTape() as tape:
        tape.watch([maps, bias])
        outputs = add_bias(maps, bias)
    np.testing.assert_array_equal(outputs, maps + bias)
    of_maps, of_bias = tape.gradient(outputs, [maps, bias], slopes)
    np.testing.assert_array_equal(of_maps, slopes)
    sums = slopes.numpy().astype("float64").sum((0, 1, 2))
    bound = 0.01 if resolve_precision() == "float32" else 0.005  # Sums in parts, or in float32.
    np.testing.assert_allclose(of_bias.numpy().astype("float64"), sums, rtol=bound)


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradient_is_linear_in_the_slopes(dtype):
    maps, bias, slopes = case(dtype)
    weights = tf.constant([1.0, 2.0, 3.0], dtype)
    with tf.GradientTape() as outer:
        outer.watch(slopes)
        with tf.GradientTape() as inner:
            inner.watch(bias)
            outputs = add_bias(maps, bias)
        gradient = inner.gradient(outputs, bias, slopes)
    of_slopes = outer.gradient(gradient, slopes, weights)
    np.testing.assert_array_equal(of_slopes, tf.broadcast_to(weights, slopes.shape))
