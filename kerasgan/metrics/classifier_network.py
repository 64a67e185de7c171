"""The network of a small classifier."""

from collections.abc import Mapping

import keras
from keras import layers

from kerasgan.layers import FusedBatchNormalization
from kerasgan.precision import dtype_policy


@dtype_policy("float32")  # Measures are the same under any policy of the user's.
def classifier_network(
    image_shape: tuple[int, int, int], classes: Mapping[str, int]
) -> keras.Model:
    """Builds three stages of two convolutions; each stage halves the side of its input.

    For ten classes of images in colour it has 289,000 parameters, as many as the critic that
    `wikiart_gangogh` is trained with. Its initial weights are always the same.

    Args:
        image_shape: `(height, width, channels)`.
        classes: The number of classes of each label set.

    Returns:
        A model from images in [0, 1] to features `(batch, 128)` and the logits `(batch, n)` of
        each label set.
    """
    x = pictures = keras.Input(image_shape, name="images")
    seed = 0
    for channels in (32, 64, 128):
        for strides in (2, 1):
            initializer = keras.initializers.HeNormal(seed=seed)
            seed += 1
            options = {"padding": "same", "use_bias": False, "kernel_initializer": initializer}
            x = layers.Conv2D(channels, 3, strides=strides, **options)(x)
            x = layers.ReLU()(FusedBatchNormalization(momentum=0.9)(x))
    features = layers.GlobalAveragePooling2D(name="features")(x)
    logits = [
        layers.Dense(
            count,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed + number),  # pyright: ignore[reportArgumentType]
            name=f"logits_{number}",
        )(features)
        for number, count in enumerate(classes.values())
    ]
    return keras.Model(pictures, [features, *logits], name="classifier")
