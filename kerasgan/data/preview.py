"""A preview of the training images."""

import math

import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.data.augmentation import Augmentation
from kerasgan.data.image_set import ImageSet
from kerasgan.data.pipeline import stream_order, training_dataset
from kerasgan.errors import UserError

# The largest number of values in a preview: 512 MiB in float32.
_LARGEST = 2**27


def preview(
    image_set: ImageSet,
    *,
    augmentation: Augmentation | None = None,
    balanced: str | None = None,
    batch_size: int = 1,
    count: int = 32,
    seed: int = 0,
) -> np.ndarray:
    """Returns the first images of a training run, with its augmentation.

    Args:
        image_set: The images.
        augmentation: The augmentation of the images, or None.
        balanced: Name of the label set whose classes take turns, or None.
        batch_size: Images per batch, which the augmentation and the order of `balanced` depend on.
        count: Number of images; it may be larger than the set, and then spans several epochs.
        seed: Any integer.

    Returns:
        uint8 `(count, size, size, channels)`; `size` is that of the crop if the images are cropped.

    Raises:
        UserError: `count` or `seed` is not an integer, `count` is too small or too large, the crop
            is larger than the images, or there is no such label set.
    """
    dataset = training_dataset(
        image_set,
        batch_size=batch_size,
        seed=seed,
        augmentation=augmentation,
        balanced=balanced,
        dtype="uint8",
    )
    count = whole_number("count", count, least=1)
    side = image_set.images.shape[1]
    largest = max(1, _LARGEST // (side * side * image_set.images.shape[3]))
    if count > largest:
        raise UserError(
            f"count must be at most {largest:,} of images of {side}x{side}. Received: count={count}"
        )
    batches = dataset.take(math.ceil(count / batch_size))
    images = [element[0] if image_set.labels else element for element in batches]
    return np.concatenate(images)[:count]


def preview_rows(
    image_set: ImageSet,
    *,
    balanced: str | None = None,
    batch_size: int = 1,
    count: int = 32,
    seed: int = 0,
) -> np.ndarray:
    """Returns which images of the set those of a preview are.

    Args:
        image_set: As in `preview`.
        balanced: As in `preview`.
        batch_size: As in `preview`.
        count: As in `preview`.
        seed: As in `preview`.

    Returns:
        int64 `(count,)`, the indices of the images in the set.
    """
    size = len(image_set)
    order = stream_order(image_set, batch_size=batch_size, seed=seed, balanced=balanced)
    # The positions of one call span at most one epoch.
    epochs = [range(first, min(first + size, count)) for first in range(0, count, size)]
    return np.concatenate([order(tf.constant(epoch, tf.int64)).numpy() for epoch in epochs])
