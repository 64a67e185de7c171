from itertools import product

import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers.cpu import image_convolution
from kerasgan.layers.cpu.windows import Windows

SHAPES = [
    *product([2, 3, 4, 5, 6, (5, 3)], [2, (2, 1)], ["same"], [1, 3]),
    (2, 2, "valid", 3),
    (3, 3, "valid", 1),
    (2, 3, "same", 1),
]


def windows(sizes, kernel_size, stride, padding):
    numbers = (n if isinstance(n, tuple) else (n, n) for n in (sizes, kernel_size, stride))
    return [Windows.along(*of_axis, padding) for of_axis in zip(*numbers, strict=True)]


@pytest.mark.parametrize(("kernel_size", "stride", "padding", "channels"), SHAPES, ids=str)
def test_images_and_their_derivatives_are_those_of_tensorflow(
    kernel_size, stride, padding, channels
):
    strides = stride if isinstance(stride, tuple) else (stride, stride)
    kernel_sides = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    sizes = 5 * strides[0], 4 * strides[1]
    maps = tf.random.stateless_normal((2, 5, 4, 7), seed=(1, 2))
    kernel = tf.random.stateless_normal((*kernel_sides, channels, 7), seed=(3, 4))
    bias = tf.random.stateless_normal((channels,), seed=(5, 6))
    along = windows(sizes, kernel_size, stride, padding)
    assert image_convolution.suits(channels, *along)

    def ours(maps, kernel, bias):
        return image_convolution.convolution_into_image(maps, kernel, bias, *along)

    def tensorflows(maps, kernel, bias):
        shape = (2, *sizes, channels)
        return tf.nn.conv2d_transpose(maps, kernel, shape, strides, padding.upper()) + bias

    results = []
    for function in (ours, tensorflows):
        with tf.GradientTape() as tape:
            tape.watch([maps, kernel, bias])
            images = function(maps, kernel, bias)
            score = tf.reduce_sum(tf.sin(images))
        results.append([images, *tape.gradient(score, [maps, kernel, bias])])
    for own, expected in zip(*results, strict=True):
        np.testing.assert_allclose(own, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("channels", "sizes", "stride", "padding"),
    [
        (5, 8, 2, "same"),  # More channels in a block than lanes.
        (3, 8, 1, "same"),  # Its blocks are single pixels.
        (3, 7, 2, "same"),  # The last block is cut off.
        (3, 9, 2, "valid"),  # Pixels behind the last block.
    ],
)
def test_what_does_not_suit(channels, sizes, stride, padding):
    assert not image_convolution.suits(channels, *windows(sizes, 3, stride, padding))
