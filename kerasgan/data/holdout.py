"""Images kept apart from training."""

import hashlib

import numpy as np

from kerasgan.data.image_set import ImageSet
from kerasgan.errors import UserError


def holdout_split(image_set: ImageSet, fraction: float = 0.05) -> tuple[ImageSet, ImageSet]:
    """Returns the images to train on and those held out, for sources without a test split.

    The side of an image is decided by a hash of its own pixels: it does not depend on the other
    images or their order, and exact copies are never on both sides. The default is the twentieth
    of the GANGogh article.

    Args:
        image_set: The images; they are read once, and not copied.
        fraction: The expected part that is held out, in (0, 1).

    Raises:
        UserError: The fraction is out of range, or one side would be empty.
    """
    if not 0 < fraction < 1:
        raise UserError(f"fraction must be in (0, 1). Received: fraction={fraction!r}")
    digests = b"".join(
        hashlib.blake2b(np.ascontiguousarray(image), digest_size=8).digest()
        for image in image_set.images
    )
    held_out = np.frombuffer(digests, "<u8") / 2.0**64 < fraction
    if held_out.all() or not held_out.any():
        raise UserError(
            f"{len(image_set)} images are too few to be split: give more images or a fraction "
            f"nearer to a half. Received: fraction={fraction!r}"
        )
    return image_set.take(np.flatnonzero(~held_out)), image_set.take(np.flatnonzero(held_out))
