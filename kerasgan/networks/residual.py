"""A generator and a discriminator of residual blocks: a modern baseline for any objective.

A block adds to its input what two 3x3 convolutions make of it, each after its activation
("pre-activation"). Where the side or the width changes, the input takes a shortcut of a 1x1
convolution. Sides change by nearest-neighbour upsampling and by average pooling, which have no
phase, so every pixel is drawn and judged alike.

The generator is that of Gulrajani et al. for 64x64 with widths of at most eight times the last; the
discriminator is that of Miyato et al., blocks, final ReLU and pooling, with the mean over the
places for their sum, and without spectral normalization and the last block of constant side. No
normalization couples its images, so it serves a gradient penalty too.

References:
    Gulrajani et al., "Improved Training of Wasserstein GANs", 2017, appendix,
    https://arxiv.org/abs/1704.00028
    Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018, appendix B,
    https://arxiv.org/abs/1802.05957
    He et al., "Identity Mappings in Deep Residual Networks", 2016,
    https://arxiv.org/abs/1603.05027
"""

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import check_batch_norm, check_sizes
from kerasgan.layers import CPUConv2D, FastLeakyReLU, FusedBatchNormalization
from kerasgan.networks.label_sets import check_label_sets, labelled_latent, logits
from kerasgan.networks.strided_convolution import doublings

IMAGE_SIZES = (28, 32, 64, 128, 256)


def residual_generator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 64,
    channels: int = 3,
    latent_dim: int = 128,
    label_dim: int = 128,
    base_width: int = 64,
    batch_norm_momentum: float = 0.9,
    batch_norm_epsilon: float = 1e-5,
) -> keras.Model:
    """Builds the residual generator.

    | layer | output, at 64x64 |
    |---|---|
    | latent, and learned vector of the labels | 128 + 128 |
    | dense, reshaped | 4x4x512 |
    | residual block, upsampling | 8x8x512 |
    | residual block, upsampling | 16x16x256 |
    | residual block, upsampling | 32x32x128 |
    | residual block, upsampling | 64x64x64 |
    | batch normalization, ReLU, 3x3 convolution, tanh | 64x64x3 |

    A block is batch normalization, ReLU, upsampling, 3x3 convolution, batch normalization, ReLU,
    3x3 convolution. Labels enter once, as a learned vector beside the latent; with two or more
    label sets the vectors of the sets are added.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is an unconditional generator.
        image_size: Side of the images: 32, 64, 128 or 256; or 28, from a smallest map of 7x7.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        label_dim: Length of the labels' vector.
        base_width: Channels of the last block; each one before it has twice as many, up to eight
            times `base_width`.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.

    Returns:
        A model from latents `(batch, latent_dim)`, or from `[latents, labels, ...]` with int32
        labels `(batch,)` for each label set, to images
        `(batch, image_size, image_size, channels)`, float32 in [-1, 1].

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above, or a label set has no
            valid name or fewer than two classes.

    Example:
    >>> generator = residual_generator(image_size=32, base_width=2)
    >>> generator(keras.random.normal((2, 128))).shape
    TensorShape([2, 32, 32, 3])
    """
    check_sizes(
        channels=channels, latent_dim=latent_dim, label_dim=label_dim, base_width=base_width
    )
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    widths = _widths(image_size, base_width)[::-1]

    def activated(x: KerasTensor) -> KerasTensor:
        x = FusedBatchNormalization(batch_norm_momentum, batch_norm_epsilon)(x)
        return layers.ReLU()(x)

    latent = keras.Input((latent_dim,), name="latent")
    labels, x = labelled_latent(latent, classes, label_dim)
    side = image_size >> len(widths)
    x = layers.Dense(side * side * widths[0])(x)
    x = layers.Reshape((side, side, widths[0]))(x)
    for width in widths:
        # A 1x1 convolution commutes with the upsampling, and is four times cheaper before it.
        shortcut = layers.UpSampling2D(2)(_convolution(x, width, 1))
        x = layers.UpSampling2D(2)(activated(x))
        # Every path from here to the image ends in a batch normalization, which would subtract
        # the biases again.
        x = activated(_convolution(x, width, 3, use_bias=False))
        x = layers.Add()([_convolution(x, width, 3, use_bias=False), shortcut])
    x = CPUConv2D(channels, 3, padding="same")(activated(x))
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model([latent, *labels] if labels else latent, images, name="residual_generator")


def residual_discriminator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 64,
    channels: int = 3,
    base_width: int = 64,
) -> keras.Model:
    """Builds the residual discriminator or critic.

    | layer | output, at 64x64 |
    |---|---|
    | image | 64x64x3 |
    | residual block, average pooling | 32x32x64 |
    | residual block, average pooling | 16x16x128 |
    | residual block, average pooling | 8x8x256 |
    | residual block, average pooling | 4x4x512 |
    | ReLU, mean over places | 512 |
    | dense: score; dense: logits of each label set | 1; n |

    A block is ReLU, 3x3 convolution, ReLU, 3x3 convolution, average pooling; the first is without
    its first ReLU, since it sees the image itself.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is without classification.
        image_size: Side of the images: 32, 64, 128 or 256; or 28, from a smallest map of 7x7.
        channels: Channels of the images.
        base_width: Channels of the first block; each one after it has twice as many, up to eight
            times `base_width`.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [-1, 1] to `[scores,
        logits, ...]`, unbounded float32 `(batch, 1)` and `(batch, n)` for each label set; to the
        scores alone without any.

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above, or a label set has no
            valid name or fewer than two classes.

    Example:
    >>> critic = residual_discriminator(image_size=32, base_width=2)
    >>> critic(keras.random.uniform((2, 32, 32, 3), -1, 1)).shape
    TensorShape([2, 1])
    """
    check_sizes(channels=channels, base_width=base_width)
    classes = classes or {}
    check_label_sets(classes)

    widths = _widths(image_size, base_width)
    images = keras.Input((image_size, image_size, channels), name="images")
    x = images
    for width in widths:
        # A 1x1 convolution commutes with the pooling, and is four times cheaper after it.
        shortcut = _convolution(layers.AveragePooling2D(2)(x), width, 1)
        if x is not images:
            x = FastLeakyReLU()(x)
        x = FastLeakyReLU()(_convolution(x, width, 3))
        x = layers.AveragePooling2D(2)(_convolution(x, width, 3))
        x = layers.Add()([x, shortcut])
    features = layers.GlobalAveragePooling2D(name="features")(FastLeakyReLU()(x))
    scores = layers.Dense(1, dtype="float32", name="scores")(features)
    heads = logits(features, classes)
    return keras.Model(images, [scores, *heads] if heads else scores, name="residual_discriminator")


def _widths(image_size: int, base_width: int) -> list[int]:
    """Channels of the blocks, from the image's side on."""
    levels = doublings(image_size, smallest=4, sizes=IMAGE_SIZES)
    return [base_width * min(2**level, 8) for level in range(levels)]


def _convolution(
    x: KerasTensor, width: int, kernel_size: int, *, use_bias: bool = True
) -> KerasTensor:
    is_shortcut = kernel_size == 1
    # Twice Glorot's variance after a ReLU, which halves it; shortcuts have none.
    kernels = keras.initializers.VarianceScaling(1.0 if is_shortcut else 2.0, "fan_avg", "uniform")
    return CPUConv2D(
        width,
        kernel_size,
        padding="same",
        # The block's last convolution has the bias of the sum.
        use_bias=use_bias and not is_shortcut,
        kernel_initializer=kernels,
    )(x)
