import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers.cpu import small_map_convolution
from kerasgan.layers.cpu.windows import Windows

SHAPES = [
    {"size": 8, "kernel_size": 5, "stride": 2, "padding": "same"},
    {"size": 8, "kernel_size": 4, "stride": 2, "padding": "same"},
    {"size": 7, "kernel_size": 3, "stride": 2, "padding": "same"},
    {"size": 6, "kernel_size": 3, "stride": 1, "padding": "same"},
    {"size": 4, "kernel_size": 2, "stride": 3, "padding": "same"},
    {"size": 9, "kernel_size": 5, "stride": 2, "padding": "valid"},
    {"size": (8, 6), "kernel_size": (3, 2), "stride": (2, 1), "padding": "valid"},
]


@pytest.fixture(params=["products", "TensorFlow's"])
def ways(request, monkeypatch):
    """Every kernel is a large one, or none is."""
    largest = 0 if request.param == "products" else np.inf
    monkeypatch.setattr(small_map_convolution, "_LARGE_KERNEL", largest)


class Case:
    """A convolution of one shape, as this package and as TensorFlow computes it, in float32."""

    def __init__(self, *, size, kernel_size, stride, padding):
        size, kernel_size, self.stride = (
            number if isinstance(number, tuple) else (number, number)
            for number in (size, kernel_size, stride)
        )
        self.windows = [
            Windows.along(*numbers, padding)
            for numbers in zip(size, kernel_size, self.stride, strict=True)
        ]
        self.padding = padding.upper()
        self.maps_shape = (3, *size, 4)
        self.maps = tf.random.stateless_normal(self.maps_shape, seed=(1, 2))
        self.kernel = tf.random.stateless_normal((*kernel_size, 4, 6), seed=(3, 4))
        counts = [windows.count for windows in self.windows]
        self.upstream = tf.random.stateless_normal((3, *counts, 6), seed=(5, 6))

    def tensorflows_convolution(self, maps, kernel):
        return tf.nn.conv2d(maps, kernel, self.stride, self.padding)

    def tensorflows_transposed(self, maps, kernel):
        return tf.nn.conv2d_transpose(maps, kernel, self.maps_shape, self.stride, self.padding)


def derivatives(function, *arguments):
    """Returns the first derivatives of a curved function of `function`, and those of theirs."""
    with tf.GradientTape() as outer:
        outer.watch(arguments)
        with tf.GradientTape() as inner:
            inner.watch(arguments)
            value = tf.reduce_sum(tf.sin(function(*arguments)))
        first = inner.gradient(value, arguments)
        curved = tf.add_n([tf.reduce_sum(slopes**2) for slopes in first])
    return [*first, *outer.gradient(curved, arguments)]


def assert_same(ours, tensorflows, *arguments):
    expected = tensorflows(*arguments)
    assert ours(*arguments).shape == expected.shape
    np.testing.assert_allclose(ours(*arguments), expected, atol=2e-5)
    for own, expected in zip(
        derivatives(ours, *arguments), derivatives(tensorflows, *arguments), strict=True
    ):
        np.testing.assert_allclose(own, expected, rtol=1e-3, atol=1e-3 * np.ptp(expected))


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_convolution_and_first_and_second_derivatives_are_those_of_tensorflow(shape):
    case = Case(**shape)

    def ours(maps, kernel):
        return small_map_convolution.convolution(maps, kernel, *case.windows)

    assert_same(ours, case.tensorflows_convolution, case.maps, case.kernel)


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_transposed_convolution_and_its_derivatives_are_those_of_tensorflow(shape):
    case = Case(**shape)

    def ours(maps, kernel):
        return small_map_convolution.transposed_convolution(maps, kernel, *case.windows)

    assert_same(ours, case.tensorflows_transposed, case.upstream, case.kernel)


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_kernel_gradient_is_that_of_tensorflow(shape):
    case = Case(**shape)
    with tf.GradientTape() as tape:
        tape.watch(case.kernel)
        outputs = case.tensorflows_convolution(case.maps, case.kernel)
    expected = tape.gradient(outputs, case.kernel, case.upstream)
    own = small_map_convolution.kernel_gradient(case.maps, case.upstream, *case.windows)
    np.testing.assert_allclose(own, expected, atol=1e-4)
