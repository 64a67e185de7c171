"""A look at the images as training sees them."""

import numpy as np

from kerasgan.data.augmentation import Augmentation
from kerasgan.data.image_set import ImageSet
from kerasgan.data.pipeline import training_dataset
from kerasgan.errors import UserError

# Values of images that a picture is made of: 512 MiB in float32.
_LARGEST = 2**27


def preview(
    image_set: ImageSet,
    *,
    augmentation: Augmentation | None = None,
    balanced: str | None = None,
    count: int = 32,
    seed: int = 0,
) -> np.ndarray:
    """Returns the first images of a training run, augmented as there.

    Args:
        image_set: The images.
        augmentation: How they are varied, or None.
        balanced: Name of the label set whose classes take turns, or None.
        count: Number of images; more than the set has runs on into the next epoch.
        seed: Any integer.

    Returns:
        uint8 `(count, size, size, channels)`, of the size of the crop if they are cropped.

    Raises:
        UserError: `count` or `seed` is not an integer, `count` less than 1, a crop larger than the
            images, or there are no such classes.
    """
    # One image per batch, so that a set of any size can be looked at.
    dataset = training_dataset(
        image_set, batch_size=1, seed=seed, augmentation=augmentation, balanced=balanced
    )
    if not isinstance(count, int) or count < 1:
        raise UserError(f"count must be a positive integer. Received: count={count!r}")
    side = image_set.images.shape[1]
    largest = max(1, _LARGEST // (side * side * image_set.images.shape[3]))
    if count > largest:
        raise UserError(
            f"count must be at most {largest:,} of images of {side}x{side}. Received: count={count}"
        )
    images = [element[0] if image_set.labels else element for element in dataset.take(count)]
    return np.uint8(np.rint(np.concatenate(images) * 255))
