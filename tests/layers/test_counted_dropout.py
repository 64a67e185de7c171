import numpy as np
import pytest

from kerasgan.layers import CountedDropout

VALUES = np.random.default_rng(0).normal(size=(20, 8, 8, 4)).astype("float32")


@pytest.fixture
def layer():
    layer = CountedDropout(0.25, seed=5, name="dropout")
    layer.build(VALUES.shape)
    return layer


def test_a_quarter_is_dropped_and_the_rest_scaled_so_that_the_mean_stays(layer):
    dropped = np.asarray(layer(VALUES, training=True))
    kept = dropped != 0
    assert abs(kept.mean() - 0.75) < 4 * np.sqrt(0.25 * 0.75 / VALUES.size)
    np.testing.assert_allclose(dropped[kept], VALUES[kept] / 0.75, rtol=1e-6)


def test_outside_of_training_it_is_the_identity(layer):
    np.testing.assert_array_equal(layer(VALUES), VALUES)


def test_masks_are_new_at_each_call_and_return_with_the_weights(layer):
    weights = layer.get_weights()
    first, second = layer(VALUES, training=True), layer(VALUES, training=True)
    assert not np.array_equal(first, second)
    again = CountedDropout.from_config(layer.get_config())
    again.build(VALUES.shape)
    again.set_weights(weights)
    np.testing.assert_array_equal(again(VALUES, training=True), first)
    np.testing.assert_array_equal(again(VALUES, training=True), second)


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(ValueError, match="rate must be in"):
        CountedDropout(rate)
