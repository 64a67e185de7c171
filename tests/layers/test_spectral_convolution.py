import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import SpectralConv2D, SpectralUpConv2D
from kerasgan.precision import dtype_policy

RNG = np.random.default_rng(0)


def normalized(layer):
    """The layer's kernel over its estimate of the largest singular value, and no step of it."""
    kernel = layer.kernel.numpy().astype("float64")
    matrix = kernel.reshape(-1, kernel.shape[-1])
    v = matrix @ layer.spectral_normalization.u.numpy()
    v /= np.linalg.norm(v)
    return kernel / np.linalg.norm(matrix.T @ v)


def convolved(images, kernel, strides=1, same=True):
    """Correlation of images with a kernel, window by window."""
    size = len(kernel)
    if same:
        total = max((-(-images.shape[1] // strides) - 1) * strides + size - images.shape[1], 0)
        around = (total // 2, total - total // 2)
        images = np.pad(images, [(0, 0), around, around, (0, 0)])
    last = images.shape[1] - size + 1
    rows = [
        [
            np.einsum("nijc,ijcd->nd", images[:, y : y + size, x : x + size], kernel)
            for x in range(0, last, strides)
        ]
        for y in range(0, last, strides)
    ]
    return np.array(rows).transpose(2, 0, 1, 3)


@pytest.mark.parametrize(
    ("size", "strides", "padding", "side"),
    [(3, 1, "same", 6), (4, 2, "same", 12), (4, 1, "valid", 8), (1, 1, "same", 5)],
)
def test_convolution_is_that_with_the_normalized_kernel(size, strides, padding, side):
    layer = SpectralConv2D(5, size, strides=strides, padding=padding)
    images = RNG.normal(size=(2, side, side, 3)).astype("float32")
    outputs = layer(images)
    expected = convolved(images, normalized(layer), strides, same=padding == "same")
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-4)
    assert layer.compute_output_shape(images.shape) == outputs.shape


# From 16 on it is a transposed convolution.
@pytest.mark.parametrize("side", [4, 16])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_up_convolution_is_that_of_the_map_upsampled_by_nearest_neighbours(side, size):
    layer = SpectralUpConv2D(4, size)
    maps = RNG.normal(size=(2, side, side, 3)).astype("float32")
    outputs = layer(maps)
    upsampled = maps.repeat(2, axis=1).repeat(2, axis=2)
    expected = convolved(upsampled, normalized(layer))
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-4)
    assert layer.compute_output_shape(maps.shape) == outputs.shape


def test_gradients_of_an_up_convolution_are_those_of_its_two_steps():
    keras.utils.set_random_seed(0)
    layer = SpectralUpConv2D(4, 3)
    maps = tf.constant(RNG.normal(size=(2, 16, 16, 3)), tf.float32)
    layer(maps)
    watched = [maps, layer.kernel.value]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(maps)
        one = tf.reduce_sum(tf.square(layer(maps)))
        upsampled = tf.repeat(tf.repeat(maps, 2, axis=1), 2, axis=2)
        kernel = layer.spectral_normalization(layer.kernel)
        other = tf.reduce_sum(tf.square(tf.nn.conv2d(upsampled, kernel, 1, "SAME")))
    for ours, theirs in zip(
        tape.gradient(one, watched), tape.gradient(other, watched), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("build", [lambda: SpectralConv2D(8, 3), lambda: SpectralUpConv2D(8)])
def test_kernel_is_float32_and_output_bfloat16_under_mixed_precision(build):
    with dtype_policy("mixed_bfloat16"):
        layer = build()
    maps = tf.constant(RNG.normal(size=(2, 4, 4, 8)), tf.float32)
    for _ in range(20):  # Until a step of the power iteration no longer matters.
        outputs = layer(maps, training=True)
    assert outputs.dtype == tf.bfloat16
    assert {weight.dtype for weight in layer.weights} == {"float32"}
    exact = type(layer).from_config({**layer.get_config(), "dtype": "float32"})
    exact.build(maps.shape)
    exact.set_weights(layer.get_weights())
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), exact(maps), rtol=0.05, atol=0.05)


@pytest.mark.parametrize(
    ("build", "received"),
    [
        (lambda: SpectralConv2D(0, 3), "filters=0"),
        (lambda: SpectralConv2D(4, 0), "kernel_size=0"),
        (lambda: SpectralConv2D(4, 3, padding="full"), "padding='full'"),
        (lambda: SpectralUpConv2D(4, 2), "kernel_size=2"),
    ],
)
def test_arguments_that_cannot_be_are_refused(build, received):
    with pytest.raises(ValueError, match=received):
        build()


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_sides_may_be_unknown(padding):
    images = keras.Input((None, 8, 3))
    model = keras.Model(images, SpectralConv2D(2, 3, strides=2, padding=padding)(images))
    side = {"same": 4, "valid": 3}[padding]
    assert model.output_shape == (None, None, side, 2)
    assert model(np.zeros((1, 8, 8, 3), np.float32)).shape == (1, side, side, 2)
