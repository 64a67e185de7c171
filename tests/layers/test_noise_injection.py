import keras
import numpy as np
import pytest

from kerasgan.layers import NoiseInjection

MAPS = np.random.default_rng(0).normal(size=(3, 8, 8, 4)).astype("float32")


@pytest.fixture
def layer():
    layer = NoiseInjection(seed=5, name="noise")
    layer.build(MAPS.shape)
    return layer


def test_starts_as_the_identity(layer):
    np.testing.assert_array_equal(layer(MAPS, training=True), MAPS)


def test_adds_the_same_standard_normal_noise_to_all_channels_of_a_place(layer):
    layer.factor.assign(2.0)
    noise = (layer(MAPS, training=True) - MAPS) / 2
    np.testing.assert_allclose(noise, np.broadcast_to(noise[..., :1], noise.shape), atol=1e-5)
    assert abs(np.mean(noise)) < 4 / np.sqrt(3 * 64)
    assert abs(np.std(noise[..., 0]) - 1) < 4 / np.sqrt(2 * 3 * 64)
    assert not np.allclose(noise[0], noise[1])


def test_noise_is_new_at_each_call_and_returns_with_the_weights(layer):
    layer.factor.assign(1.0)
    weights = layer.get_weights()
    first, second = layer(MAPS, training=True), layer(MAPS, training=True)
    assert not np.allclose(first, second)
    again = NoiseInjection(seed=5, name="noise")
    again.build(MAPS.shape)
    again.set_weights(weights)
    np.testing.assert_array_equal(again(MAPS, training=True), first)
    np.testing.assert_array_equal(again(MAPS, training=True), second)


def test_out_of_training_there_is_no_noise(layer):
    layer.factor.assign(1.0)
    np.testing.assert_array_equal(layer(MAPS), MAPS)
    assert int(layer.calls) == 0


def test_fixed_noise_is_one_standard_normal_map_for_all_images_outside_training():
    layer = NoiseInjection(seed=5, fixed=True, name="noise")
    layer(MAPS)
    layer.factor.assign(2.0)
    added = (layer(MAPS) - MAPS) / 2
    np.testing.assert_allclose(added, np.broadcast_to(added[:1, ..., :1], added.shape), atol=1e-6)
    assert abs(np.std(added[0, ..., 0]) - 1) < 4 / np.sqrt(2 * 64)
    again = NoiseInjection.from_config(layer.get_config())
    again.build(MAPS.shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(MAPS), layer(MAPS))
    assert not np.allclose(layer(MAPS, training=True), layer(MAPS))


def test_seed_is_drawn_from_the_global_one_and_kept():
    keras.utils.set_random_seed(0)
    one, other = NoiseInjection(), NoiseInjection()
    assert one.seed != other.seed
    keras.utils.set_random_seed(0)
    assert NoiseInjection().seed == one.seed
    assert NoiseInjection.from_config(one.get_config()).seed == one.seed
