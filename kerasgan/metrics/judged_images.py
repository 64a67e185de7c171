"""What a model's discriminator says of images."""

import numpy as np
import tensorflow as tf

from kerasgan.models import AdversarialModel

_BATCH_SIZE = 64


def discriminator_outputs(gan: AdversarialModel, images: np.ndarray) -> list[np.ndarray]:
    """Returns the scores `(n, 1)` of images, and their logits `(n, classes)` of each label set.

    The discriminator sees the images as they are, and does not normalize by their batches.

    Args:
        gan: The model.
        images: uint8 `(n, height, width, channels)`.
    """
    parts = []
    for first in range(0, len(images), _BATCH_SIZE):
        batch = tf.constant(images[first : first + _BATCH_SIZE])
        outputs = gan.discriminator(gan.image_range.from_user(batch), training=False)
        parts.append([output.numpy() for output in gan.outputs_of(outputs)])
    return [np.concatenate(part) for part in zip(*parts, strict=True)]
