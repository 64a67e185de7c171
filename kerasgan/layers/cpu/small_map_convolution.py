"""Convolutions of small maps in 16-bit numbers, each computed in the fastest way.

A convolution is linear in its maps and in its kernel. So its derivative with respect to one of them
is one of the three functions below, applied to the other one and to the upstream gradient; the same
holds for the derivatives of these functions, to any order.

The gradient of a kernel is a matrix product over gathered rows. So are the other two functions for
a large kernel, because TensorFlow's own take up to ten times as long; for a small kernel they are
TensorFlow's own. In float32 there is little to gain, because processors have units for matrix
products of 16-bit numbers.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from kerasgan.layers.cpu.windows import Windows

# TensorFlow's own is faster for a kernel of 0.20 million numbers and slower for 0.46 million.
_LARGE_KERNEL = 2**18


def convolution(maps: tf.Tensor, kernel: tf.Tensor, rows: Windows, columns: Windows) -> tf.Tensor:
    """Convolves maps `(n, h, w, c)` with a kernel `(k, k, c, d)`, as `tf.nn.conv2d` does."""

    @tf.custom_gradient
    def convolved(maps: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return (
                transposed_convolution(upstream, kernel, rows, columns),
                kernel_gradient(maps, upstream, rows, columns),
            )

        if not _is_large(kernel):
            strides = rows.stride, columns.stride
            return tf.nn.conv2d(maps, kernel, strides, rows.padding_name), gradient
        outputs = _patches(maps, rows, columns) @ tf.reshape(kernel, [-1, kernel.shape[-1]])
        return tf.reshape(outputs, [-1, rows.count, columns.count, kernel.shape[-1]]), gradient

    return convolved(maps, kernel)


def transposed_convolution(
    maps: tf.Tensor, kernel: tf.Tensor, rows: Windows, columns: Windows
) -> tf.Tensor:
    """Takes maps `(n, ., ., d)` back to `(n, h, w, c)`, as `tf.nn.conv2d_transpose` does."""

    @tf.custom_gradient
    def convolved(maps: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return (
                convolution(upstream, kernel, rows, columns),
                kernel_gradient(upstream, maps, rows, columns),
            )

        if _is_large(kernel):
            return _interleaved(maps, kernel, rows, columns), gradient
        shape = [tf.shape(maps)[0], rows.size, columns.size, kernel.shape[2]]
        strides = rows.stride, columns.stride
        outputs = tf.nn.conv2d_transpose(maps, kernel, shape, strides, rows.padding_name)
        return outputs, gradient

    return convolved(maps, kernel)


def kernel_gradient(
    maps: tf.Tensor, upstream: tf.Tensor, rows: Windows, columns: Windows
) -> tf.Tensor:
    """Returns the gradient `(k, k, c, d)` of a convolution of `maps` by its kernel."""

    @tf.custom_gradient
    def product(maps: tf.Tensor, upstream: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(kernel: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return (
                transposed_convolution(upstream, kernel, rows, columns),
                convolution(maps, kernel, rows, columns),
            )

        filters = upstream.shape[-1]
        kernel = tf.matmul(
            _patches(maps, rows, columns), tf.reshape(upstream, [-1, filters]), transpose_a=True
        )
        shape = [rows.kernel_size, columns.kernel_size, maps.shape[-1], filters]
        return tf.reshape(kernel, shape), gradient

    return product(maps, upstream)


def _is_large(kernel: tf.Tensor) -> bool:
    return kernel.shape.num_elements() > _LARGE_KERNEL


def _patches(maps: tf.Tensor, rows: Windows, columns: Windows) -> tf.Tensor:
    """Returns what each window sees, `(n * windows, k * k * c)`."""
    return _gathered(maps, rows.cells, columns.cells, rows.padding, columns.padding)


def _gathered(
    maps: tf.Tensor,
    row_cells: np.ndarray,
    column_cells: np.ndarray,
    row_padding: tuple[int, int],
    column_padding: tuple[int, int],
) -> tf.Tensor:
    """Pads maps with zeros and returns the cells that each window sees.

    It is ten times as fast as `tf.image.extract_patches`: whole rows of channels are copied.
    """
    maps = tf.pad(maps, [[0, 0], row_padding, column_padding, [0, 0]])
    _, height, width, channels = maps.shape
    cells = row_cells[:, None, :, None] * width + column_cells[None, :, None, :]
    places = tf.reshape(maps, [-1, height * width, channels])
    cells_of_window = row_cells.shape[1] * column_cells.shape[1]
    return tf.reshape(tf.gather(places, cells.ravel(), axis=1), [-1, cells_of_window * channels])


def _interleaved(maps: tf.Tensor, kernel: tf.Tensor, rows: Windows, columns: Windows) -> tf.Tensor:
    """Returns the transposed convolution, in blocks of stride by stride outputs.

    Every block sees a neighbourhood of `maps` of the same shape, and the output at a given place
    of a block uses the same taps of the kernel in every block. So one matrix product of
    neighbourhoods and rearranged taps computes all of them; taps that do not exist are zero.
    """
    channels, filters = kernel.shape[2:]
    of_rows, of_columns = rows.neighbourhoods, columns.neighbourhoods
    neighbourhoods = _gathered(
        maps, of_rows.cells, of_columns.cells, of_rows.padding, of_columns.padding
    )

    row_taps, column_taps = of_rows.taps[:, None, :, None], of_columns.taps[None, :, None, :]
    taps = row_taps * columns.kernel_size + column_taps
    exists = (row_taps >= 0) & (column_taps >= 0)
    no_tap = rows.kernel_size * columns.kernel_size * channels
    # The row of the kernel for each output of a block, channel and neighbour.
    taps = taps[:, :, None] * channels + np.arange(channels)[:, None, None]
    taps = np.where(exists[:, :, None], taps, no_tap)
    kernel = tf.pad(tf.reshape(kernel, [no_tap, filters]), [[0, 1], [0, 0]])
    kernel = tf.reshape(tf.gather(kernel, taps.ravel()), [-1, neighbourhoods.shape[-1]])

    blocks = tf.matmul(neighbourhoods, kernel, transpose_b=True)
    y, x = np.arange(rows.size)[:, None], np.arange(columns.size)
    block = y // rows.stride * len(of_columns.cells) + x // columns.stride
    place = y % rows.stride * columns.stride + x % columns.stride
    order = block * (rows.stride * columns.stride) + place
    outputs_of_blocks = len(of_rows.cells) * len(of_columns.cells) * rows.stride * columns.stride
    blocks = tf.reshape(blocks, [-1, outputs_of_blocks, channels])
    outputs = tf.gather(blocks, order.ravel(), axis=1)
    return tf.reshape(outputs, [-1, rows.size, columns.size, channels])
