"""The batches in which a discriminator sees images when it scores them out of training."""

import math

import keras
import numpy as np

from kerasgan.keras_private import layers_of
from kerasgan.layers import MinibatchDiscrimination, MinibatchStandardDeviation


def scoring_batches(discriminator: keras.Model, count: int, batch_size: int) -> list[np.ndarray]:
    """Returns the numbers of the images of each batch, consecutive ones.

    Most discriminators score each image by itself. `MinibatchStandardDeviation` compares it with
    its group, and in a group cut short would find images more alike than any in training;
    `MinibatchDiscrimination` adds up over the batch. So every group is whole, and with the latter
    every batch too; the first images once more make up what the last ones lack.

    Args:
        discriminator: The discriminator.
        count: The number of images, at least 1.
        batch_size: The most images in a batch, at least 1; a whole group can be more.

    Returns:
        Of each batch its images, integers in [0, count). The first `count` of all are
        0, 1, ..., count - 1.
    """
    layers = layers_of(discriminator)
    group = math.lcm(
        *(each.group_size for each in layers if isinstance(each, MinibatchStandardDeviation))
    )
    batch = max(batch_size // group, 1) * group
    compares_whole_batch = any(isinstance(each, MinibatchDiscrimination) for each in layers)
    unit = batch if compares_whole_batch and count > batch else group
    padded = -(-count // unit) * unit
    return np.split(np.arange(padded) % count, range(batch, padded, batch))
