import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import FastLeakyReLU
from kerasgan.precision import dtype_policy

X = np.array([[-3.0, -0.5, 0.25, 2.0]], "float32")


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_value_and_derivative_are_those_written_out(slope):
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = FastLeakyReLU(slope)(x)
    np.testing.assert_allclose(y, np.where(X > 0, X, slope * X), rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(y, x), np.where(X > 0, 1, slope), rtol=1e-6)


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_gradient_of_a_gradient_penalty_is_that_of_keras(slope):
    """The penalty's gradient passes through the rectifiers' first derivatives only."""
    penalties, gradients = [], []
    for rectifier in (
        FastLeakyReLU(slope),
        keras.layers.LeakyReLU(slope) if slope else keras.layers.ReLU(),
    ):
        keras.utils.set_random_seed(0)
        critic = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), rectifier])
        critic.add(keras.layers.Dense(8, activation="softplus"))
        critic.add(keras.layers.Dense(1))
        x = tf.constant(np.random.default_rng(0).normal(size=(5, 4)), tf.float32)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                scores = critic(x)
            norms = tf.norm(inner.gradient(scores, x), axis=1)
            penalty = tf.reduce_mean((norms - 1.0) ** 2)
        penalties.append(penalty.numpy())
        # The last bias has no part in the penalty.
        gradients.append(outer.gradient(penalty, critic.trainable_variables[:-1]))
    np.testing.assert_allclose(*penalties, rtol=1e-6)
    for ours, theirs in zip(*gradients, strict=True):
        theirs = np.zeros(ours.shape if ours is not None else 1) if theirs is None else theirs
        ours = np.zeros_like(theirs) if ours is None else ours
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_no_second_derivative_is_computed():
    x = tf.constant(X)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = FastLeakyReLU(0.2)(x)
        slope = inner.gradient(y, x)
    assert outer.gradient(slope, x) is None


def test_it_computes_in_the_policys_precision_and_comes_back_from_its_configuration():
    with dtype_policy("mixed_bfloat16"):
        layer = FastLeakyReLU(0.1)
    assert layer(X).dtype == tf.bfloat16
    assert FastLeakyReLU.from_config(layer.get_config()).slope == 0.1


def test_slope_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"slope must be in \[0, 1\)\. Received: slope=1\.5"):
        FastLeakyReLU(1.5)
