"""The generator, the discriminator and the decoder of FastGAN.

Small data on little hardware: a light generator whose high resolutions are gated by its low ones,
and a discriminator that has to reconstruct the reals, so that its features describe pictures and
not only what tells the reals from today's fakes.

Every convolution is spectrally normalized and without bias. An "up" block is nearest-neighbour
upsampling, a 3x3 convolution, batch normalization and a gated linear unit. An "up+" block appends
a second convolution, normalization and unit, and has noise before both normalizations.
With `SE(a)` the block's output is multiplied, channel by channel, by a gate computed from the map
of side a (skip-layer excitation): average pooling to 4x4, a 4x4 convolution to 1x1, SiLU, a 1x1
convolution, sigmoid.

The paper's networks end at 256 to 1024 pixels, its discriminator sees each picture in two sizes
and has skip-layer excitation too. These are for 64 to 256 pixels and see one size.

Reference:
    Liu, Zhu, Song and Elgammal, "Towards Faster and Stabilized GAN Training for High-fidelity
    Few-shot Image Synthesis", 2021, https://arxiv.org/abs/2101.04775, sections 3.1 and 3.2.
"""

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import check_sizes, whole_number
from kerasgan.layers import (
    FastLeakyReLU,
    FusedBatchNormalization,
    GatedLinearUnit,
    NoiseInjection,
    SpectralConv2D,
    SpectralUpConv2D,
)
from kerasgan.networks.label_sets import labelled_latent
from kerasgan.networks.strided_convolution import doublings

IMAGE_SIZES = (64, 128, 256)
FEATURES, CROP_FEATURES = "features_8", "features_16"

# Channels of the generator's maps as multiples of `base_width`, by their side; which blocks are
# "up+", and from which side the gate of a map comes.
_GENERATOR_WIDTHS = {8: 8, 16: 4, 32: 2, 64: 2, 128: 1, 256: 0.5}
_UP_PLUS = (8, 32, 128)
_EXCITED_BY = {64: 4, 128: 8, 256: 16}
_NORMALIZATION = {"momentum": 0.9, "epsilon": 1e-5}


def fastgan_generator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 128,
    channels: int = 3,
    latent_dim: int = 128,
    label_dim: int = 32,
    base_width: int = 32,
    noise: bool = True,
    fixed_noise: bool = False,
) -> keras.Model:
    """Builds the generator.

    | output, at 128x128 | block |
    |---|---|
    | 4x4x512 | 4x4 transposed convolution of the latent, batch normalization, GLU |
    | 8x8x256 | up+ |
    | 16x16x128 | up |
    | 32x32x64 | up+ |
    | 64x64x64 | up, SE(4) |
    | 128x128x32 | up+, SE(8) |
    | 128x128x3 | 3x3 convolution, tanh |

    At 64x64 the line of 128x128x32 is left out, and the convolution draws 64x64x3; at 256x256
    there is one more block, up with SE(16) to `base_width / 2` channels.

    The paper's generator has no labels. Here they enter once, as a learned vector beside the
    latent; with two or more label sets the vectors of the sets are added. The vectors are zero at
    first: until a training tells the classes apart, all are drawn alike. With random vectors a
    projected GAN drew one picture for each class from the start, and for all latents.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is an unconditional generator.
        image_size: Side of the images: 64, 128 or 256.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        label_dim: Length of the labels' vector.
        base_width: Channels of the map of 128x128, an even number.
        noise: Whether "up+" blocks have noise in training.
        fixed_noise: Whether they have it in drawing too, the same for all pictures: better for
            paintings, worse for drawings of flat colours; see `NoiseInjection`.

    Returns:
        A model from latents `(batch, latent_dim)`, or from `[latents, labels, ...]` with int32
        labels `(batch,)` for each label set, to images
        `(batch, image_size, image_size, channels)`, float32 in [-1, 1].

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above, `base_width` is odd,
            `fixed_noise` is set without `noise`, or a label set has no valid name or fewer than
            two classes.

    Example:
    >>> generator = fastgan_generator(image_size=64, base_width=2)
    >>> generator(keras.random.normal((2, 128))).shape
    TensorShape([2, 64, 64, 3])
    """
    check_sizes(channels=channels, latent_dim=latent_dim, label_dim=label_dim)
    _check_width(base_width)
    if fixed_noise and not noise:
        raise ValueError(
            f"fixed_noise needs noise in training too. Received: fixed_noise=True, noise={noise}"
        )
    latent = keras.Input((latent_dim,), name="latent")
    labels, x = labelled_latent(latent, classes, label_dim, from_zero=True)
    # The transposed convolution of one place is the plain one of a place whose channels are those
    # of 4x4 places.
    x = layers.Reshape((1, 1, x.shape[-1]))(x)
    x = SpectralConv2D(4 * 4 * 2 * 16 * base_width, 1, name="from_latent")(x)
    x = layers.Reshape((4, 4, 2 * 16 * base_width))(x)
    x = GatedLinearUnit()(FusedBatchNormalization(**_NORMALIZATION)(x))
    maps, side = {4: x}, 4
    for _ in range(doublings(image_size, smallest=4, sizes=IMAGE_SIZES)):
        side *= 2
        width = int(_GENERATOR_WIDTHS[side] * base_width)
        x = _up(x, width, side, plus=side in _UP_PLUS, noise=noise, fixed=fixed_noise)
        if side in _EXCITED_BY:
            x = layers.Multiply(name=f"excited_{side}")([x, _gate(maps[_EXCITED_BY[side]], x)])
        maps[side] = x
    x = SpectralConv2D(channels, 3, name="to_image")(x)
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model([latent, *labels] if labels else latent, images, name="fastgan_generator")


def fastgan_discriminator(
    *,
    image_size: int = 128,
    channels: int = 3,
    base_width: int = 32,
) -> keras.Model:
    """Builds the discriminator.

    | output, at 128x128 | block |
    |---|---|
    | 64x64x32 | 4x4 convolution of stride 2, leaky ReLU 0.2 |
    | 32x32x64 | down |
    | 16x16x128 | down: `features_16`, of which the decoder sees a crop |
    | 8x8x256 | down: `features_8`, which the decoder sees whole |
    | 8x8x256 | 1x1 convolution, batch normalization, leaky ReLU 0.2 |
    | 5x5x1 | 4x4 convolution without padding: the scores |

    "Down" is the mean of two paths: a 4x4 convolution of stride 2 and a 3x3 convolution, each with
    batch normalization and leaky ReLU; and 2x2 average pooling and a 1x1 convolution with the
    same. The map of 8x8 has eight times `base_width` channels, and each larger one half as many
    as the one below it.

    Args:
        image_size: Side of the images: 64, 128 or 256.
        channels: Channels of the images.
        base_width: Channels of the map of 64x64, an even number.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [-1, 1] to a map of
        scores `(batch, 5, 5, 1)`, float32, unbounded: one for each of 25 overlapping parts of the
        image.

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above, or `base_width` is odd.

    Example:
    >>> discriminator = fastgan_discriminator(image_size=64, base_width=2)
    >>> discriminator(keras.random.uniform((2, 64, 64, 3), -1, 1)).shape
    TensorShape([2, 5, 5, 1])
    """
    check_sizes(channels=channels)
    _check_width(base_width)
    levels, side = doublings(image_size, smallest=16, sizes=IMAGE_SIZES), image_size // 2
    images = keras.Input((image_size, image_size, channels), name="images")
    x = FastLeakyReLU(0.2)(SpectralConv2D(_width(side, base_width), 4, strides=2)(images))
    for _ in range(levels):
        side //= 2
        x = _down(x, _width(side, base_width), name=f"features_{side}")
    x = _activated(SpectralConv2D(_width(8, base_width), 1)(x))
    x = SpectralConv2D(1, 4, padding="valid")(x)
    scores = layers.Activation("linear", dtype="float32", name="scores")(x)
    return keras.Model(images, scores, name="fastgan_discriminator")


def fastgan_decoder(*, channels: int = 3, base_width: int = 32) -> keras.Model:
    """Builds the decoder, which reconstructs reals from the discriminator's features.

    Two decoders of the same shape, with weights of their own: one sees the features of 8x8 and
    draws the whole picture, the other sees a crop of half the side of the features of 16x16 and
    draws that part of the picture.

    | output | block |
    |---|---|
    | 8x8x256, or the crop's 8x8x128 | the features |
    | 16x16x32 | up |
    | 32x32x16 | up |
    | 32x32x3 | 3x3 convolution, tanh |

    Args:
        channels: Channels of the images.
        base_width: The discriminator's: the features have 8 and 4 times as many channels.

    Returns:
        A model from `[features_8, crop of features_16]`, `(batch, 8, 8, 8 base_width)` and
        `(batch, 8, 8, 4 base_width)`, to two pictures `(batch, 32, 32, channels)`, float32 in
        [-1, 1].

    Raises:
        ValueError: `channels` is below 1, or `base_width` is not a positive even number.

    Example:
    >>> decoder = fastgan_decoder(base_width=2)
    >>> [picture.shape for picture in decoder.outputs]
    [(None, 32, 32, 3), (None, 32, 32, 3)]
    """
    check_sizes(channels=channels)
    _check_width(base_width)
    inputs, outputs = [], []
    for name, side in ((FEATURES, 8), (CROP_FEATURES, 16)):
        features = keras.Input((8, 8, _width(side, base_width)), name=name)
        x = _up(_up(features, base_width, 16), base_width // 2, 32)
        x = SpectralConv2D(channels, 3)(x)
        inputs.append(features)
        outputs.append(layers.Activation("tanh", dtype="float32")(x))
    return keras.Model(inputs, outputs, name="fastgan_decoder")


def _up(
    x: KerasTensor,
    width: int,
    side: int,
    *,
    plus: bool = False,
    noise: bool = False,
    fixed: bool = False,
) -> KerasTensor:
    def finished(x: KerasTensor, number: int) -> KerasTensor:
        if plus and noise:
            x = NoiseInjection(fixed=fixed, name=f"noise_{side}_{number}")(x)
        return GatedLinearUnit()(FusedBatchNormalization(**_NORMALIZATION)(x))

    x = finished(SpectralUpConv2D(2 * width, 3)(x), 1)
    return finished(SpectralConv2D(2 * width, 3)(x), 2) if plus else x


def _gate(low: KerasTensor, high: KerasTensor) -> KerasTensor:
    """Returns the skip-layer excitation `(batch, 1, 1, channels)` of a map by a smaller one."""
    width = high.shape[-1]
    x = layers.AveragePooling2D(low.shape[1] // 4)(low)
    x = layers.Activation("silu")(SpectralConv2D(width, 4, padding="valid")(x))
    return layers.Activation("sigmoid")(SpectralConv2D(width, 1)(x))


def _down(x: KerasTensor, width: int, *, name: str) -> KerasTensor:
    main = _activated(SpectralConv2D(width, 4, strides=2)(x))
    main = _activated(SpectralConv2D(width, 3)(main))
    direct = _activated(SpectralConv2D(width, 1)(layers.AveragePooling2D(2)(x)))
    return layers.Average(name=name)([main, direct])


def _activated(x: KerasTensor) -> KerasTensor:
    return FastLeakyReLU(0.2)(FusedBatchNormalization(**_NORMALIZATION)(x))


def _width(side: int, base_width: int) -> int:
    """Channels of the discriminator's map of a side."""
    return base_width * 64 // side


def _check_width(base_width: int) -> None:
    if whole_number("base_width", base_width, least=2) % 2:
        raise ValueError(f"base_width must be an even number. Received: base_width={base_width}")
