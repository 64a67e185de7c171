"""Normalizations of critics that judge each image by itself, as a gradient penalty needs."""

import keras
from keras import layers

IMAGE_NORMALIZATIONS = ("layer", "channel")


def image_normalization(normalization: str) -> keras.Layer:
    """Returns a layer that normalizes maps `(batch, height, width, channels)`.

    Each channel gets a gain and an offset. No image of a batch touches another.

    Args:
        normalization: `"layer"`: over the height, width and channels of an image, to mean 0 and
            variance 1. Or `"channel"`: over the channels of each place alone.
    """
    if normalization == "channel":
        return layers.LayerNormalization(epsilon=1e-6)
    return layers.GroupNormalization(groups=1, epsilon=1e-5)
