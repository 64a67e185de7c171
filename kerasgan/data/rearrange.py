"""Moving the rows and columns of images about."""

from collections.abc import Sequence

import tensorflow as tf


def rearranged(
    images: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor, background: Sequence[int]
) -> tf.Tensor:
    """Returns images whose pixel (y, x) is the pixel (rows[y], columns[x]) of the old one.

    Crops, flips, shifts and any combination of them are one such step. Pixels from outside of the
    image are background.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        rows: int32 `(batch, new height)`.
        columns: int32 `(batch, new width)`.
        background: One value in 0..255 per channel.

    Returns:
        uint8 `(batch, new height, new width, channels)`.
    """
    _, height, width, channels = images.shape
    # All in one gather from the list of pixels, the background at its end: several times faster
    # than selecting between images, which TensorFlow does slowly for uint8.
    pixels = tf.reshape(images, (-1, channels))
    outside = tf.shape(pixels)[0]
    pixels = tf.concat([pixels, tf.constant([list(background)], tf.uint8)], axis=0)
    first_row = tf.range(tf.shape(images)[0])[:, None] * height
    rows = tf.where((rows >= 0) & (rows < height), (first_row + rows) * width, outside)
    columns = tf.where((columns >= 0) & (columns < width), columns, outside)
    source = tf.minimum(rows[:, :, None] + columns[:, None, :], outside)
    return tf.gather(pixels, source)
