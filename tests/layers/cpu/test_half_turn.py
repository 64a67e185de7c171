import keras
import numpy as np
import tensorflow as tf

from kerasgan.layers import HalfTurn


def test_maps_are_turned_and_turned_back():
    maps = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    turned = HalfTurn()(maps)
    np.testing.assert_array_equal(turned, np.rot90(maps, 2, axes=(1, 2)))
    np.testing.assert_array_equal(HalfTurn()(turned), maps)


def test_gradient_is_turned_back():
    maps, weights = keras.random.normal((1, 2, 3, 1)), keras.random.normal((1, 2, 3, 1))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        total = tf.reduce_sum(HalfTurn()(maps) * weights)
    np.testing.assert_array_equal(tape.gradient(total, maps), np.asarray(weights)[:, ::-1, ::-1])
