import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import FrozenConv2D, FrozenDepthwiseConv2D

IMAGES = np.random.default_rng(0).normal(size=(2, 6, 6, 3)).astype("float32")
KINDS = {
    FrozenConv2D: keras.layers.Conv2D(4, 3, strides=2, padding="same", activation="relu6"),
    FrozenDepthwiseConv2D: keras.layers.DepthwiseConv2D(3, padding="same", activation="relu6"),
}


def frozen_like(plain):
    kind = next(each for each in KINDS if issubclass(each, type(plain)))
    layer = kind.from_config({**plain.get_config(), "name": "frozen"})
    layer.build(IMAGES.shape)
    return layer


@pytest.mark.parametrize("plain", KINDS.values(), ids=lambda each: each.name)
def test_it_computes_what_kerass_layer_does(plain):
    expected = plain(IMAGES)
    layer = frozen_like(plain)
    layer.set_weights(plain.get_weights())
    np.testing.assert_array_equal(layer(IMAGES), expected)


@pytest.mark.parametrize("plain", KINDS.values(), ids=lambda each: each.name)
def test_no_weight_is_ever_trained_and_gradients_reach_its_inputs(plain):
    images = keras.Input(IMAGES.shape[1:])
    layer = frozen_like(plain)
    network = keras.Model(images, keras.layers.Dense(1)(layer(images)))
    network.trainable = False
    network.trainable = True
    assert len(layer.weights) == 2
    assert not layer.trainable_weights
    assert len(network.trainable_weights) == 2
    x = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(network(x))
    assert np.abs(tape.gradient(total, x)).max() > 0


def test_it_is_rebuilt_from_its_configuration():
    network = keras.Sequential([keras.Input(IMAGES.shape[1:]), FrozenConv2D(2, 1)])
    again = keras.models.model_from_json(network.to_json())
    again.set_weights(network.get_weights())
    np.testing.assert_array_equal(again(IMAGES), network(IMAGES))
    assert not again.trainable_weights
