"""Convolutions as matrix products over gathered rows.

A convolution is linear in its maps and in its kernel. Its derivative by either is one of the three
functions below, of the other and of what comes back; and so is every derivative of theirs, to any
order.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import tensorflow as tf


class Windows(NamedTuple):
    """Where the windows of a convolution lie along one axis of its maps."""

    size: int
    count: int
    kernel_size: int
    stride: int
    before: int
    after: int

    @classmethod
    def along(cls, size: int, kernel_size: int, stride: int, padding: str) -> "Windows":
        """Lays them as TensorFlow does, for padding "same" or "valid"."""
        if padding == "valid":
            return cls(size, (size - kernel_size) // stride + 1, kernel_size, stride, 0, 0)
        count = -(-size // stride)
        total = max((count - 1) * stride + kernel_size - size, 0)
        return cls(size, count, kernel_size, stride, total // 2, total - total // 2)

    @property
    def padding(self) -> tuple[int, int]:
        return self.before, self.after

    @property
    def cells(self) -> np.ndarray:
        """What each window sees of the padded axis: `(count, kernel_size)`."""
        return np.arange(self.count)[:, None] * self.stride + np.arange(self.kernel_size)


def convolution(maps: tf.Tensor, kernel: tf.Tensor, rows: Windows, columns: Windows) -> tf.Tensor:
    """Convolves maps `(n, h, w, c)` with a kernel `(k, k, c, d)`, as `tf.nn.conv2d` does."""

    @tf.custom_gradient
    def product(maps: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return (
                transposed_convolution(upstream, kernel, rows, columns),
                kernel_gradient(maps, upstream, rows, columns),
            )

        outputs = _patches(maps, rows, columns) @ tf.reshape(kernel, [-1, kernel.shape[-1]])
        return tf.reshape(outputs, [-1, rows.count, columns.count, kernel.shape[-1]]), gradient

    return product(maps, kernel)


def transposed_convolution(
    maps: tf.Tensor, kernel: tf.Tensor, rows: Windows, columns: Windows
) -> tf.Tensor:
    """Takes maps `(n, ., ., d)` back to `(n, h, w, c)`, as `tf.nn.conv2d_transpose` does."""

    @tf.custom_gradient
    def product(maps: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return (
                convolution(upstream, kernel, rows, columns),
                kernel_gradient(upstream, maps, rows, columns),
            )

        return _interleaved(maps, kernel, rows, columns), gradient

    return product(maps, kernel)


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
    """Pads maps with zeros and returns the rectangle of cells that each window names.

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

    All blocks see the same neighbourhood of `maps`, and an output at one place of its block has
    the same taps of the kernel in every block. So there is one product, of neighbourhoods and
    rearranged taps, where a tap that does not exist is zero.
    """
    channels, filters = kernel.shape[2:]
    (row_cells, row_padding, row_taps), (column_cells, column_padding, column_taps) = (
        _neighbourhoods(rows),
        _neighbourhoods(columns),
    )
    neighbourhoods = _gathered(maps, row_cells, column_cells, row_padding, column_padding)

    taps = row_taps[:, None, :, None] * columns.kernel_size + column_taps[None, :, None, :]
    exists = (row_taps >= 0)[:, None, :, None] & (column_taps >= 0)[None, :, None, :]
    no_tap = rows.kernel_size * columns.kernel_size * channels
    # The row of the kernel for each output of a block, channel and neighbour.
    taps = taps[:, :, None] * channels + np.arange(channels)[:, None, None]
    taps = np.where(exists[:, :, None], taps, no_tap)
    kernel = tf.pad(tf.reshape(kernel, [no_tap, filters]), [[0, 1], [0, 0]])
    kernel = tf.reshape(tf.gather(kernel, taps.ravel()), [-1, neighbourhoods.shape[-1]])

    blocks = tf.matmul(neighbourhoods, kernel, transpose_b=True)
    y, x = np.arange(rows.size)[:, None], np.arange(columns.size)
    block = y // rows.stride * len(column_cells) + x // columns.stride
    place = y % rows.stride * columns.stride + x % columns.stride
    order = block * (rows.stride * columns.stride) + place
    outputs_of_blocks = len(row_cells) * len(column_cells) * rows.stride * columns.stride
    blocks = tf.reshape(blocks, [-1, outputs_of_blocks, channels])
    outputs = tf.gather(blocks, order.ravel(), axis=1)
    return tf.reshape(outputs, [-1, rows.size, columns.size, channels])


def _neighbourhoods(windows: Windows) -> tuple[np.ndarray, tuple[int, int], np.ndarray]:
    """Returns, along one axis, how the outputs of a transposed convolution come about.

    The output at `stride * block + place` is a sum over windows `block + neighbour`, of which it
    is the tap `place + before - stride * neighbour`.

    Returns:
        The padded windows that each block sees, `(blocks, neighbours)`; the padding; and the tap
        for each place and neighbour, `(stride, neighbours)`, -1 where there is none.
    """
    stride, before = windows.stride, windows.before
    blocks = -(-windows.size // stride)
    first, last = -((windows.kernel_size - 1 - before) // stride), (stride - 1 + before) // stride
    neighbours = np.arange(first, last + 1)
    taps = np.arange(stride)[:, None] + before - stride * neighbours
    taps = np.where((taps >= 0) & (taps < windows.kernel_size), taps, -1)
    cells = np.arange(blocks)[:, None] + neighbours - first
    return cells, (-first, max(blocks + last - windows.count, 0)), taps
