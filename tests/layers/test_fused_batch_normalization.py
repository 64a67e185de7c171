import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import FusedBatchNormalization

RNG = np.random.default_rng(0)
SHAPES = [(16, 3), (4, 5, 6, 3)]
GAMMA, BETA = [0.5, 2.0, -1.0], [0.1, -0.2, 0.3]


def pair(shape, **options):
    """This layer and Keras's, with the same parameters and moving statistics."""
    layers = FusedBatchNormalization(**options), keras.layers.BatchNormalization(**options)
    for layer in layers:
        layer.build((None, *shape[1:]))
        layer.set_weights(np.array([GAMMA, BETA, [0.3, -0.1, 2.0], [0.5, 1.5, 4.0]]))
    return layers


def forward_and_gradients(layer, inputs, direction, *, training):
    inputs = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=training)
        loss = tf.reduce_sum(tf.cast(outputs, tf.float32) * direction)
    gradients = tape.gradient(loss, [inputs, layer.gamma.value, layer.beta.value])
    return [outputs, *gradients]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("epsilon", [1e-3, 1e-5])
def test_outputs_gradients_and_moving_statistics_are_those_of_keras(shape, training, epsilon):
    ours, theirs = pair(shape, momentum=0.8, epsilon=epsilon)
    for _ in range(3):
        inputs = RNG.normal(1.0, 3.0, shape).astype("float32")
        direction = RNG.normal(size=shape).astype("float32")
        for ours_is, theirs_is in zip(
            forward_and_gradients(ours, inputs, direction, training=training),
            forward_and_gradients(theirs, inputs, direction, training=training),
            strict=True,
        ):
            np.testing.assert_allclose(ours_is, theirs_is, rtol=2e-4, atol=2e-5)
    for ours_is, theirs_is in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours_is, theirs_is, rtol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("epsilon", [1e-3, 1e-12])
def test_tiny_epsilon_keeps_the_signal_of_tiny_activations(shape, epsilon):
    layer, _ = pair(shape, epsilon=epsilon)
    inputs = RNG.normal(0, 1e-4, shape).astype("float32")

    outputs = layer(inputs, training=True)

    x = inputs.astype("float64")
    axes = tuple(range(len(shape) - 1))
    normal = (x - x.mean(axes)) / np.sqrt(x.var(axes) + epsilon)
    np.testing.assert_allclose(outputs, normal * GAMMA + BETA, rtol=2e-4, atol=1e-5)
    assert (normal.std() > 0.99) == (epsilon < 1e-8)


def test_gradient_with_tiny_epsilon_is_that_of_finite_differences(numeric_gradients):
    epsilon = 1e-12
    layer, _ = pair((6, 3), epsilon=epsilon)
    inputs = RNG.normal(0, 1e-3, (6, 3)).astype("float32")
    direction = RNG.normal(size=(6, 3)).astype("float32")

    def loss(x, gamma, beta):
        normal = (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon)
        return np.sum((normal * gamma + beta) * direction)

    weights = [inputs.astype("float64"), np.array(GAMMA), np.array(BETA)]
    expected = numeric_gradients(loss, weights, step=1e-8)
    _, *gradients = forward_and_gradients(layer, inputs, direction, training=True)
    for gradient, value in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(gradient, value, rtol=1e-3, atol=1e-3 * np.abs(value).max())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_low_precision_keeps_parameters_and_statistics_in_float32(shape, policy):
    ours, _ = pair(shape, momentum=0.5, dtype=policy)
    inputs = RNG.normal(1.0, 3.0, shape).astype("float32")
    outputs = ours(inputs, training=True)
    assert outputs.dtype == policy.removeprefix("mixed_")
    assert {weight.dtype for weight in ours.weights} == {"float32"}
    reference, _ = pair(shape, momentum=0.5)
    expected = reference(inputs, training=True)
    np.testing.assert_allclose(tf.cast(outputs, "float32"), expected, atol=0.05)
    for weight, value in zip(ours.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(weight, value, rtol=0.01, atol=0.01)


def test_frozen_layer_uses_and_keeps_its_moving_statistics():
    layer, _ = pair((16, 3))
    layer.trainable = False
    before = layer.get_weights()
    inputs = RNG.normal(1.0, 3.0, (16, 3)).astype("float32")
    np.testing.assert_array_equal(layer(inputs, training=True), layer(inputs, training=False))
    for weight, value in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_batch_of_one_stays_finite():
    layer, _ = pair((1, 3), momentum=0.5)
    outputs = layer(RNG.normal(size=(1, 3)).astype("float32"), training=True)
    np.testing.assert_allclose(outputs[0], BETA, atol=1e-6)
    np.testing.assert_allclose(layer.moving_variance, [0.25, 0.75, 2.0])


def test_gamma_starts_as_its_initializer_says():
    normal = keras.initializers.RandomNormal(1.0, 0.02, seed=3)
    layer = FusedBatchNormalization(gamma_initializer=normal)
    again = FusedBatchNormalization.from_config(layer.get_config())
    for each in (layer, again):
        each.build((None, 5))
        np.testing.assert_array_equal(each.gamma, normal((5,)))


def test_model_with_it_survives_saving(tmp_path):
    model = keras.Sequential(
        [keras.Input((4, 4, 3)), FusedBatchNormalization(momentum=0.7, epsilon=1e-9)]
    )
    images = RNG.normal(size=(5, 4, 4, 3)).astype("float32")
    model(images, training=True)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert (again.layers[0].momentum, again.layers[0].epsilon) == (0.7, 1e-9)
    np.testing.assert_array_equal(again(images), model(images))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"momentum": 1.0}, "momentum must be in .* Received: momentum=1.0"),
        ({"momentum": -0.1}, "Received: momentum=-0.1"),
        ({"epsilon": 0.0}, "epsilon must be positive. Received: epsilon=0.0"),
        ({"epsilon": float("nan")}, "Received: epsilon=nan"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        FusedBatchNormalization(**options)


@pytest.mark.parametrize("shape", [(8,), (4, 5, 3), (2, 3, 4, 5, 6)])
def test_other_ranks_are_refused(shape):
    with pytest.raises(ValueError, match=r"takes \(batch, features\) or"):
        FusedBatchNormalization()(np.zeros(shape, "float32"))
