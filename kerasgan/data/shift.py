"""Moving the subject of an image within its blank margins."""

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
    low = tf.constant([max(0, value - _TOLERANCE) for value in background], tf.uint8)
    high = tf.constant([min(255, value + _TOLERANCE) for value in background], tf.uint8)
    blank = tf.reduce_all((images >= low) & (images <= high), axis=-1)
    columns, rows = tf.reduce_all(blank, axis=1), tf.reduce_all(blank, axis=2)
    sides = [columns, tf.reverse(columns, [1]), rows, tf.reverse(rows, [1])]
    return tf.stack([_leading(side) for side in sides], axis=1)


def _leading(blank: tf.Tensor) -> tf.Tensor:
    """Returns the number of True before the first False in each row of a bool matrix."""
    return tf.reduce_sum(tf.math.cumprod(tf.cast(blank, tf.int32), axis=1), axis=1)


def shifted(images: tf.Tensor, offset: tf.Tensor, background: Sequence[int]) -> tf.Tensor:
    """Returns the images moved by `offset`, background where they leave nothing.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        offset: int32 `(batch, 2)`: pixels down and pixels to the right, negative for up and left.
        background: One value in 0..255 per channel.
    """
    height, width = images.shape[1:3]
    rows = tf.range(height) - offset[:, :1]
    columns = tf.range(width) - offset[:, 1:]
    moved = tf.gather(images, tf.clip_by_value(rows, 0, height - 1), axis=1, batch_dims=1)
    moved = tf.gather(moved, tf.clip_by_value(columns, 0, width - 1), axis=2, batch_dims=1)
    inside = _within(rows, height)[:, :, None] & _within(columns, width)[:, None, :]
    return tf.where(inside[..., None], moved, tf.constant(list(background), tf.uint8))


def _within(index: tf.Tensor, length: int) -> tf.Tensor:
    return (index >= 0) & (index < length)
