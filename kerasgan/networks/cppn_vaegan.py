"""The discriminator and the encoder of "Generating Large Images from Latent Vectors".

References:
    Ha, "Generating Large Images from Latent Vectors", 2016,
    https://blog.otoro.net/2016/04/01/generating-large-images-from-latent-vectors/
    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, https://arxiv.org/abs/1312.6114
    (the encoder).
"""

import keras
from keras import layers

from kerasgan.argument_checks import (
    check_batch_norm,
    check_choice,
    check_positive,
    check_sizes,
    whole_number,
)
from kerasgan.layers import (
    CPUConv2D,
    FusedBatchNormalization,
    MinibatchStandardDeviation,
    SpectralConv2D,
)


def cppn_discriminator(
    *,
    image_size: int = 26,
    channels: int = 1,
    base_width: int = 24,
    kernel_size: int = 5,
    normalization: str = "batch",
    batch_norm_momentum: float = 0.9,
    batch_norm_epsilon: float = 1e-5,
    kernel_stddev: float = 0.02,
    minibatch_stddev: bool = False,
) -> keras.Model:
    """Builds the convolutional discriminator.

    | layer | output, at 26x26 | activation | batch normalization |
    |---|---|---|---|
    | image | 26x26x1 | | |
    | convolution, stride 2 | 13x13x24 | leaky ReLU 0.2 | no |
    | convolution, stride 2 | 7x7x48 | leaky ReLU 0.2 | yes |
    | convolution, stride 2, flattened | 4x4x96 = 1536 | leaky ReLU 0.2 | yes |
    | dense | 1 | none | no |

    Convolutions halve the side until it is at most 4, and each has twice the width of the one
    before; images of 64 have four.

    The published code normalizes with the batch's statistics wherever it runs. Here that holds in
    training; in inference the moving ones serve, so a score does not depend on other images. The
    sigmoid of the published network is left to the loss.

    Args:
        image_size: Side of the images, at least 5.
        channels: Channels of the images.
        base_width: Channels of the first convolution.
        kernel_size: Side of the kernels.
        normalization: `"batch"`, as published. Or `"none"`, with which the discriminator sees what
            a batch of fakes normalized by itself hides from it: that all are alike. Or
            `"spectral"`: the convolutions' kernels are divided by their spectral norms, which
            bounds how steep the scores can become, and the generator keeps a gradient when the
            discriminator is ahead (Miyato et al., "Spectral Normalization for Generative
            Adversarial Networks", 2018, equation 8).
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.
        kernel_stddev: Standard deviation of the initial values: of kernels around 0, truncated at
            twice as much in convolutions, and of the normalizations' gammas around 1. With
            `"spectral"` it is that of the last layer alone: elsewhere the scale of a kernel does
            not count.
        minibatch_stddev: Whether a `MinibatchStandardDeviation` joins the last map.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` to scores `(batch, 1)`,
        float32, unbounded: the log-odds of being real.

    Raises:
        ValueError: A size is below 1, `image_size` below 5, or `normalization` is none of those
            above.

    Example:
    >>> discriminator = cppn_discriminator(base_width=2)
    >>> discriminator(keras.random.uniform((2, 26, 26, 1))).shape
    TensorShape([2, 1])
    """
    check_sizes(channels=channels, base_width=base_width, kernel_size=kernel_size)
    whole_number("image_size", image_size, least=5)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    check_choice(("batch", "spectral", "none"), normalization=normalization)
    check_positive(kernel_stddev=kernel_stddev)
    initializers = keras.initializers

    images = keras.Input((image_size, image_size, channels), name="images")
    x, width = images, base_width
    while x.shape[1] > 4:
        normalized = normalization == "batch" and x is not images
        if normalization == "spectral":
            x = SpectralConv2D(width, kernel_size, strides=2, padding="same")(x)
        else:
            x = CPUConv2D(
                width,
                kernel_size,
                strides=2,
                padding="same",
                use_bias=not normalized,
                kernel_initializer=initializers.TruncatedNormal(stddev=kernel_stddev),
            )(x)
        if normalized:
            x = FusedBatchNormalization(
                momentum=batch_norm_momentum,
                epsilon=batch_norm_epsilon,
                gamma_initializer=initializers.RandomNormal(1.0, kernel_stddev),
            )(x)
        x = layers.LeakyReLU(0.2)(x)
        width *= 2
    if minibatch_stddev:
        x = MinibatchStandardDeviation()(x)
    x = layers.Flatten(name="features")(x)
    scores = layers.Dense(
        1,
        kernel_initializer=initializers.RandomNormal(stddev=kernel_stddev),
        dtype="float32",
        name="scores",
    )(x)
    return keras.Model(images, scores, name="cppn_discriminator")


def cppn_encoder(
    *,
    image_size: int = 26,
    channels: int = 1,
    latent_dim: int = 32,
    width: int = 512,
    kernel_stddev: float = 0.02,
) -> keras.Model:
    """Builds the encoder, which gives the latents from which an image may have been generated.

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

    Raises:
        ValueError: A size is below 1.

    Example:
    >>> encoder = cppn_encoder(width=8)
    >>> mean, log_variance = encoder(keras.random.uniform((2, 26, 26, 1)))
    >>> mean.shape, log_variance.shape
    (TensorShape([2, 32]), TensorShape([2, 32]))
    """
    check_sizes(image_size=image_size, channels=channels, latent_dim=latent_dim, width=width)
    check_positive(kernel_stddev=kernel_stddev)

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
