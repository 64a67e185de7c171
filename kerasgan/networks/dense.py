"""The fully connected networks that "Implementing Creative Adversarial Networks" began with.

The paper calls them naive: two fully connected layers lack the capacity for pictures, and their
generator's collapse. Where it says nothing, this is chosen: a leaky ReLU of slope 0.2 between the
layers, and Glorot's initialization.

Reference:
    Ahn, Lee and Huang, "Implementing Creative Adversarial Networks", University of California,
    Los Angeles, section 3.
"""

import keras
from keras import layers

from kerasgan.argument_checks import check_sizes
from kerasgan.layers import FastLeakyReLU
from kerasgan.networks.label_sets import check_label_sets, logits


def dense_generator(
    *, image_size: int = 64, channels: int = 3, latent_dim: int = 100, dense_width: int = 128
) -> keras.Model:
    """Builds the generator of two fully connected layers.

    Args:
        image_size: Side of the images.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        dense_width: Units of the hidden layer.

    Returns:
        A model from latents `(batch, latent_dim)` to images
        `(batch, image_size, image_size, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A size is below 1.

    Example:
    >>> dense_generator(image_size=8, dense_width=4)(keras.random.normal((2, 100))).shape
    TensorShape([2, 8, 8, 3])
    """
    check_sizes(
        image_size=image_size, channels=channels, latent_dim=latent_dim, dense_width=dense_width
    )
    latent = keras.Input((latent_dim,), name="latent")
    x = FastLeakyReLU(0.2)(layers.Dense(dense_width)(latent))
    x = layers.Dense(image_size**2 * channels)(x)
    x = layers.Reshape((image_size, image_size, channels))(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latent, images, name="dense_generator")


def dense_discriminator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 64,
    channels: int = 3,
    dense_width: int = 128,
) -> keras.Model:
    """Builds the discriminator of two fully connected layers, whose second one has all heads.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is without classification.
        image_size: Side of the images.
        channels: Channels of the images.
        dense_width: Units of the hidden layer.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [0, 1] to `[scores,
        logits, ...]`, unbounded float32 `(batch, 1)` and `(batch, n)` for each label set; to the
        scores alone without any.

    Raises:
        ValueError: A size is below 1, or a label set has no valid name or fewer than two classes.

    Example:
    >>> discriminator = dense_discriminator(classes={"style": 7}, image_size=8, dense_width=4)
    >>> [each.shape for each in discriminator(keras.random.uniform((2, 8, 8, 3)))]
    [TensorShape([2, 1]), TensorShape([2, 7])]
    """
    check_sizes(image_size=image_size, channels=channels, dense_width=dense_width)
    classes = classes or {}
    check_label_sets(classes)
    images = keras.Input((image_size, image_size, channels), name="images")
    x = layers.Dense(dense_width)(layers.Flatten()(images))
    x = FastLeakyReLU(0.2, name="features")(x)
    scores = layers.Dense(1, dtype="float32", name="scores")(x)
    heads = logits(x, classes)
    return keras.Model(images, [scores, *heads] if heads else scores, name="dense_discriminator")
