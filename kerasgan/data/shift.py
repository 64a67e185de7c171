"""How far the subject of an image can move within its blank margins."""

from collections.abc import Sequence

import tensorflow as tf

# In grey levels of 255, in every channel. JPEG leaves traces of this size around a subject.
_TOLERANCE = 8


def largest_shifts(images: tf.Tensor, background: Sequence[int]) -> tf.Tensor:
    """Returns how far each image can move left, right, up and down without cutting its subject.

    A pixel is blank when every channel is within 8 levels of the background; the margin on a side
    is its number of entirely blank columns or rows. Moving left crops the left margin.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        background: One value in 0..255 per channel.

    Returns:
        int32 `(batch, 4)`, in pixels: left, right, up, down.
    """
    blank = tf.ones(tf.shape(images)[:3], tf.bool)
    # Channel by channel: TensorFlow compares with a scalar many times faster than it broadcasts.
    for channel, value in enumerate(background):
        if value > _TOLERANCE:
            blank &= images[..., channel] >= value - _TOLERANCE
        if value < 255 - _TOLERANCE:
            blank &= images[..., channel] <= value + _TOLERANCE
    columns, rows = tf.reduce_all(blank, axis=1), tf.reduce_all(blank, axis=2)
    sides = [columns, tf.reverse(columns, [1]), rows, tf.reverse(rows, [1])]
    return tf.stack([_leading(side) for side in sides], axis=1)


def _leading(blank: tf.Tensor) -> tf.Tensor:
    """Returns the number of True before the first False in each row of a bool matrix."""
    return tf.reduce_sum(tf.math.cumprod(tf.cast(blank, tf.int32), axis=1), axis=1)
