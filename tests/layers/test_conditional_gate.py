import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import ConditionalGate

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def gate(a_plus_c, b_plus_d):
    return 1 / (1 + np.exp(-a_plus_c)) * np.tanh(b_plus_d)


@pytest.mark.parametrize("places", [(4, 5), (1, 1)])
def test_it_is_a_sigmoid_times_a_tanh_of_features_and_condition(places):
    features, condition = normal(3, 4, 5, 6), normal(3, *places, 6)
    a, b = features[..., :3], features[..., 3:]
    c, d = condition[..., :3], condition[..., 3:]
    np.testing.assert_allclose(
        ConditionalGate()([features, condition]), gate(a + c, b + d), rtol=1e-4, atol=1e-6
    )


def test_it_is_the_published_gate_of_even_and_odd_channels_with_the_channels_reordered():
    features, condition = normal(3, 4, 5, 6), normal(3, 4, 5, 6)
    published = gate(
        features[..., ::2] + condition[..., ::2], features[..., 1::2] + condition[..., 1::2]
    )
    order = [0, 2, 4, 1, 3, 5]
    outputs = ConditionalGate()([features[..., order], condition[..., order]])
    np.testing.assert_allclose(outputs, published, rtol=1e-4, atol=1e-6)


def test_gradients_are_those_of_finite_differences(numeric_gradients):
    weights = [RNG.normal(size=(1, 2, 2, 4)), RNG.normal(size=(1, 1, 1, 4))]
    direction = normal(1, 2, 2, 2)
    values = [tf.constant(weight, tf.float32) for weight in weights]
    with tf.GradientTape() as tape:
        tape.watch(values)
        loss = tf.reduce_sum(ConditionalGate()(values) * direction)
    gradients = tape.gradient(loss, values)

    def formula(features, condition):
        shifted = features + condition
        return np.sum(gate(shifted[..., :2], shifted[..., 2:]) * direction)

    for gradient, expected in zip(gradients, numeric_gradients(formula, weights), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)


def test_model_with_it_survives_saving(tmp_path):
    inputs = [keras.Input((2, 2, 4)), keras.Input((1, 1, 4))]
    model = keras.Model(inputs, ConditionalGate()(inputs))
    assert model.output_shape == (None, 2, 2, 2)
    values = [normal(3, 2, 2, 4), normal(3, 1, 1, 4)]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(values), model(values))


@pytest.mark.parametrize(("features", "condition"), [(3, 3), (4, 2), (4, 8)])
def test_channels_that_do_not_pair_are_refused(features, condition):
    with pytest.raises(ValueError, match=r"one even number of channels\. Received: input_shape="):
        ConditionalGate()([normal(1, 2, 2, features), normal(1, 2, 2, condition)])
