import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import CPUConv2D, CPUConv2DTranspose
from kerasgan.precision import resolve_precision

PAIRS = [
    (CPUConv2D, keras.layers.Conv2D),
    (CPUConv2DTranspose, keras.layers.Conv2DTranspose),
]
SMALL = {"size": 8, "kernel_size": 5, "strides": 2, "padding": "same"}
# Of a layer with three filters.
IMAGE = {"size": 20, "kernel_size": 5, "strides": 2, "padding": "same"}


def both(pair, *, size, filters=6, **options):
    """Returns the layer and Keras's own of the same weights, and maps for them."""
    ours, keras_own = (kind(filters, bias_initializer="random_normal", **options) for kind in pair)
    maps = tf.random.stateless_normal((3, size, size, 4), seed=(1, 2))
    ours(maps), keras_own(maps)
    keras_own.set_weights(ours.get_weights())
    return ours, keras_own, maps


def outputs_and_gradients(layer, maps):
    with tf.GradientTape() as tape:
        tape.watch(maps)
        outputs = tf.cast(layer(maps), "float32")
        # Of a mean that is not zero: the sum that is the bias's gradient must not cancel out.
        slopes = tf.random.stateless_normal(outputs.shape, seed=(3, 4), mean=1.0)
        score = tf.reduce_sum(outputs * slopes)
    return [outputs, *tape.gradient(score, [maps, layer.kernel.value, layer.bias.value])]


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
@pytest.mark.parametrize(
    "shape",
    [
        SMALL,
        {**SMALL, "padding": "valid"},
        {**SMALL, "activation": "tanh"},
        {**SMALL, "filters": 1},
        {**IMAGE, "filters": 3},
        {**IMAGE, "filters": 3, "kernel_size": 4, "activation": "tanh"},
        {**IMAGE, "filters": 3, "padding": "valid"},
        {**IMAGE, "filters": 5},
    ],
    ids=str,
)
def test_bfloat16_is_as_near_to_keras_in_float32_as_its_digits_allow(pair, shape):
    _, keras_own, maps = both(pair, **shape)
    ours, _, _ = both(pair, **shape, dtype="mixed_bfloat16")
    ours.set_weights(keras_own.get_weights())
    for own, expected in zip(
        outputs_and_gradients(ours, maps), outputs_and_gradients(keras_own, maps), strict=True
    ):
        assert own.dtype == tf.float32
        # Where bfloat16 is emulated, Keras's own gradient of a kernel is off by a little more.
        bound = 0.05 if resolve_precision() == "float32" else 0.03
        np.testing.assert_allclose(own, expected, atol=bound * np.abs(expected).max())


def test_images_in_float32_are_those_of_keras():
    ours, keras_own, maps = both(PAIRS[1], **IMAGE, filters=3, activation="tanh")
    for own, expected in zip(
        outputs_and_gradients(ours, maps), outputs_and_gradients(keras_own, maps), strict=True
    ):
        np.testing.assert_allclose(own, expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
@pytest.mark.parametrize("shape", [SMALL, {**IMAGE, "filters": 3}], ids=["small", "image"])
def test_batches_of_any_size_in_a_graph(pair, shape):
    ours, keras_own, maps = both(pair, **shape, dtype="mixed_bfloat16")
    size = shape["size"]
    images = keras.Input((size, size, 4))
    model = keras.Model(images, ours(images))
    assert model.output_shape == tuple(keras_own.compute_output_shape((None, size, size, 4)))
    graph = tf.function(
        model, input_signature=[tf.TensorSpec((None, size, size, 4))], autograph=False
    )
    for count in (1, 3):
        some = maps[:count]
        np.testing.assert_allclose(
            tf.cast(graph(some), "float32"), tf.cast(keras_own(some), "float32"), atol=0.05
        )


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_layer_is_saved_and_loaded(pair, tmp_path):
    ours, _, maps = both(pair, **SMALL)
    images = keras.Input((8, 8, 4))
    model = keras.Model(images, ours(images))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[-1]) is pair[0]
    np.testing.assert_array_equal(loaded(maps), model(maps))


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
@pytest.mark.parametrize(
    "options",
    [
        {"size": 8, "dilation_rate": 2, "dtype": "mixed_bfloat16"},
        {"padding": "valid", "dtype": "mixed_bfloat16"},
        {"size": 4},
    ],
    ids=str,
)
def test_other_maps_are_kerass_to_the_bit(pair, options):
    is_dilated_transpose = "dilation_rate" in options and pair[0] is CPUConv2DTranspose
    if is_dilated_transpose and resolve_precision() == "float32":
        pytest.skip("TensorFlow has none for processors without units for bfloat16")
    ours, keras_own, maps = both(pair, **{"size": 20, "kernel_size": 3, **options})
    np.testing.assert_array_equal(ours(maps), keras_own(maps))


def test_output_padding_is_that_of_keras():
    shape = {"size": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}
    ours, keras_own, maps = both(PAIRS[1], **shape, dtype="mixed_bfloat16")
    np.testing.assert_array_equal(ours(maps), keras_own(maps))


@pytest.mark.parametrize("pair", PAIRS, ids=["convolution", "transposed"])
def test_layers_own_data_format_counts_not_the_configured_one(pair):
    ours, _, maps = both(pair, **IMAGE, data_format="channels_last")
    expected = ours(maps)
    configured = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    try:
        outputs = ours(maps)
    finally:
        keras.config.set_image_data_format(configured)
    np.testing.assert_array_equal(outputs, expected)
