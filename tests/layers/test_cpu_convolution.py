import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import CPUConv2D, CPUConv2DTranspose

SHAPES = [
    {"size": 8, "kernel_size": 5, "strides": 2, "padding": "same"},
    {"size": 8, "kernel_size": 4, "strides": 2, "padding": "same"},
    {"size": 7, "kernel_size": 3, "strides": 2, "padding": "same"},
    {"size": 6, "kernel_size": 3, "strides": 1, "padding": "same"},
    {"size": 4, "kernel_size": 2, "strides": 3, "padding": "same"},
    {"size": 9, "kernel_size": 5, "strides": 2, "padding": "valid"},
    {"size": 8, "kernel_size": (3, 2), "strides": (2, 1), "padding": "valid"},
]
PAIRS = [
    (CPUConv2D, keras.layers.Conv2D),
    (CPUConv2DTranspose, keras.layers.Conv2DTranspose),
]


def both(pair, *, size, **options):
    """Returns the layer and Keras's own of the same weights, and maps for them, all float32."""
    ours, keras_own = (kind(6, **options) for kind in pair)
    maps = tf.random.stateless_normal((3, size, size, 4), seed=(1, 2))
    ours(maps), keras_own(maps)
    keras_own.set_weights(ours.get_weights())
    return ours, keras_own, maps


def penalty_and_derivatives(layer, maps):
    """Returns a gradient penalty of the layer, and its derivatives by the maps and the weights."""
    with tf.GradientTape() as outer:
        outer.watch(maps)
        with tf.GradientTape() as inner:
            inner.watch(maps)
            score = tf.reduce_sum(tf.sin(layer(maps)))
        slopes, kernel_slopes = inner.gradient(score, [maps, layer.kernel.value])
        penalty = tf.reduce_sum(slopes**2) + tf.reduce_sum(kernel_slopes**2)
    return penalty, outer.gradient(penalty, [maps, layer.kernel.value])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_outputs_and_first_and_second_derivatives_are_those_of_keras(pair, shape):
    ours, keras_own, maps = both(pair, **shape)
    np.testing.assert_allclose(ours(maps), keras_own(maps), atol=2e-5)
    penalty, derivatives = penalty_and_derivatives(ours, maps)
    expected, expected_derivatives = penalty_and_derivatives(keras_own, maps)
    np.testing.assert_allclose(penalty, expected, rtol=1e-4)
    for derivative, expected in zip(derivatives, expected_derivatives, strict=True):
        np.testing.assert_allclose(derivative, expected, rtol=1e-3, atol=1e-3 * np.ptp(expected))


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_gradients_in_bfloat16_are_those_of_float32_to_its_digits(pair):
    shape = SHAPES[0]
    ours, _, maps = both(pair, **shape)
    half, _, _ = both(pair, **shape, dtype="mixed_bfloat16")
    half.set_weights(ours.get_weights())
    gradients = []
    for layer in (ours, half):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            score = tf.reduce_sum(tf.cast(layer(maps), "float32") ** 2)
        gradients.append(tape.gradient(score, [maps, layer.kernel.value]))
    for exact, rounded in zip(*gradients, strict=True):
        assert rounded.dtype == tf.float32
        np.testing.assert_allclose(rounded, exact, atol=0.02 * np.abs(exact).max())


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_batches_of_any_size_in_a_graph(pair):
    ours, keras_own, maps = both(pair, **SHAPES[0])
    images = keras.Input((8, 8, 4))
    model = keras.Model(images, ours(images))
    assert model.output_shape == tuple(keras_own.compute_output_shape((None, 8, 8, 4)))
    graph = tf.function(model, input_signature=[tf.TensorSpec((None, 8, 8, 4))])
    for count in (1, 3):
        np.testing.assert_allclose(graph(maps[:count]), keras_own(maps[:count]), atol=2e-5)


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_layer_is_saved_and_loaded(pair, tmp_path):
    ours, _, maps = both(pair, **SHAPES[0])
    images = keras.Input((8, 8, 4))
    model = keras.Model(images, ours(images))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[-1]) is pair[0]
    np.testing.assert_array_equal(loaded(maps), model(maps))


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
@pytest.mark.parametrize("options", [{"dilation_rate": 2, "strides": 1}, {"padding": "valid"}])
def test_what_a_matrix_product_is_not_used_for_is_keras_too(pair, options):
    ours, keras_own, maps = both(pair, size=20, kernel_size=3, **options)
    np.testing.assert_array_equal(ours(maps), keras_own(maps))


def test_output_padding_is_that_of_keras():
    shape = {"size": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}
    ours, keras_own, maps = both(PAIRS[1], **shape)
    np.testing.assert_array_equal(ours(maps), keras_own(maps))


def test_biases_and_their_gradients_are_those_of_keras():
    for size in (4, 20):
        ours, keras_own, maps = both(PAIRS[1], size=size, kernel_size=4, strides=2, padding="same")
        ours.bias.assign(tf.range(6.0)), keras_own.bias.assign(tf.range(6.0))
        gradients = []
        for layer in (ours, keras_own):
            with tf.GradientTape() as tape:
                score = tf.reduce_mean(tf.sin(layer(maps)))
            gradients.append(tape.gradient(score, layer.bias.value))
        np.testing.assert_allclose(ours(maps), keras_own(maps), atol=2e-5)
        np.testing.assert_allclose(*gradients, atol=1e-5)
