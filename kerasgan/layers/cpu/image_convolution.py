"""Transposed convolutions into maps of few channels, as images are.

The library that TensorFlow calls on a processor computes as many channels at once as the processor
has lanes, so an image of three channels leaves most lanes empty. Here one plain convolution
computes blocks of stride by stride outputs, each output and channel as a channel of its own; then
the blocks are laid out as an image.
"""

import tensorflow as tf

from kerasgan.layers.cpu.bias import add_bias
from kerasgan.layers.cpu.windows import Windows

_LANES = 16


def suits(channels: int, rows: Windows, columns: Windows) -> bool:
    """Tells whether a block of outputs fits into the lanes and each window has its own block."""
    return 1 < rows.stride * columns.stride <= _LANES // channels and all(
        windows.size == windows.stride * windows.count for windows in (rows, columns)
    )


def convolution_into_image(
    maps: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | None, rows: Windows, columns: Windows
) -> tf.Tensor:
    """Returns the transposed convolution of maps, as `tf.nn.conv2d_transpose` does, and the bias.

    Args:
        maps: `(n, ., ., d)`.
        kernel: `(k, k, c, d)`.
        bias: `(c,)`, or `None`.
        rows: Windows over the rows of the outputs; `suits` must be true of them.
        columns: Windows over the columns of the outputs.

    Returns:
        `(n, h, w, c)`.
    """
    channels = kernel.shape[2]
    places = rows.stride * columns.stride
    blocks = tf.nn.conv2d(maps, _kernel_of_blocks(kernel, rows, columns), 1, "SAME")
    if bias is not None:
        blocks = add_bias(blocks, tf.tile(bias, [places]))
    lines = [-1, rows.count, columns.count, rows.stride, columns.stride * channels]
    # Not `tf.nn.depth_to_space`: it takes three times as long.
    lines = tf.transpose(tf.reshape(blocks, lines), [0, 1, 3, 2, 4])
    return tf.reshape(lines, [-1, rows.size, columns.size, channels])


def _kernel_of_blocks(kernel: tf.Tensor, rows: Windows, columns: Windows) -> tf.Tensor:
    """Returns the kernel from windows to blocks of outputs, `(k', k', d, stride * stride * c)`.

    The taps of a neighbour are `stride` lower than those of the one before it. So they are runs of
    `stride` in the padded kernel, last run first.
    """
    channels, filters = kernel.shape[2:]
    paddings, runs = [], []
    for windows in (rows, columns):
        reach = windows.neighbourhoods.reach
        neighbours = 2 * reach + 1
        before = windows.stride * reach - windows.before
        after = windows.stride * neighbours - before - windows.kernel_size
        paddings.append([before, after])
        runs += [neighbours, windows.stride]
    kernel = tf.reshape(tf.pad(kernel, [*paddings, [0, 0], [0, 0]]), [*runs, channels, filters])
    # One after the other, because LiteRT reverses only neighbouring axes at once.
    kernel = tf.reverse(tf.reverse(kernel, [0]), [2])
    kernel = tf.transpose(kernel, [0, 2, 5, 1, 3, 4])
    return tf.reshape(kernel, [runs[0], runs[2], filters, runs[1] * runs[3] * channels])
