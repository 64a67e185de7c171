"""The encoder of "Generating Large Images from Latent Vectors"."""

import keras
from keras import layers


def cppn_encoder(
    *,
    image_size: int = 26,
    channels: int = 1,
    latent_dim: int = 32,
    width: int = 512,
    kernel_stddev: float = 0.02,
) -> keras.Model:
    """Builds the encoder, which tells the latents that an image may have been drawn from.

    | layer | output, at 26x26 | activation |
    |---|---|---|
    | image, flattened | 676 | |
    | dense | 512 | softplus |
    | dense | 512 | softplus |
    | mean: dense | 32 | none |
    | log-variance: dense | 32 | none |

    Args:
        image_size: Side of the images, in pixels.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        width: Units of the hidden layers.
        kernel_stddev: Standard deviation of the kernels' normal initialization; biases start at 0.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` to the list [mean,
        log-variance] of a normal distribution of latents, each `(batch, latent_dim)` float32.

    Example:
    >>> encoder = cppn_encoder(width=8)
    >>> mean, log_variance = encoder(keras.random.uniform((2, 26, 26, 1)))
    >>> mean.shape, log_variance.shape
    (TensorShape([2, 32]), TensorShape([2, 32]))

    Reference:
        Ha, "Generating Large Images from Latent Vectors", 2016,
        https://blog.otoro.net/2016/04/01/generating-large-images-from-latent-vectors/
        Kingma and Welling, "Auto-Encoding Variational Bayes", 2013,
        https://arxiv.org/abs/1312.6114
    """

    def dense(units: int, **options: str) -> keras.layers.Layer:
        kernels = keras.initializers.RandomNormal(stddev=kernel_stddev)
        return layers.Dense(units, kernel_initializer=kernels, **options)

    images = keras.Input((image_size, image_size, channels), name="images")
    x = layers.Flatten()(images)
    x = dense(width, activation="softplus")(x)
    x = dense(width, activation="softplus")(x)
    mean = dense(latent_dim, dtype="float32", name="mean")(x)
    log_variance = dense(latent_dim, dtype="float32", name="log_variance")(x)
    return keras.Model(images, [mean, log_variance], name="cppn_encoder")
