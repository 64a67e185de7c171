"""The generator of StackGAN's second stage: larger pictures from those of a trained first stage.

Stage one draws the composition of a picture, stage two draws it again, larger and in detail. The
layout is that of StackGAN: the picture is encoded to 16x16, joined with what it shows, refined by
residual blocks and enlarged. GANGogh's authors propose such a second stage for their own networks,
conditioned on genre and style, so each enlargement passes a gate that the labels shift.

StackGAN describes a picture by a sentence, of which it draws a random variation; classes have
none, and their one-hot labels take its place.

References:
    Zhang et al., "StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative
    Adversarial Networks", 2017, section 3.3, https://arxiv.org/abs/1612.03242
    Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017, on future work.
"""

import math

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import (
    check_batch_norm,
    check_choice,
    check_positive,
    check_sizes,
    whole_number,
)
from kerasgan.layers import (
    ConditionalGate,
    CPUConv2D,
    FusedBatchNormalization,
    InverseTanh,
    StageOne,
)
from kerasgan.networks.initializers import for_each_layer
from kerasgan.networks.label_sets import one_hot_generator, separate_one_hot_labels
from kerasgan.networks.strided_convolution import downsample, upsample

IMAGE_SIZES = (64, 128, 256)
# Stage one's picture is encoded by two convolutions of stride 2.
_ENCODED = 4


def stackgan_generator(
    stage_one: keras.Model,
    *,
    classes: dict[str, int],
    stage_one_classes: dict[str, list[int]] | None = None,
    stage_one_range: tuple[float, float] = (-1.0, 1.0),
    image_size: int = 128,
    channels: int = 3,
    base_width: int = 128,
    depth: int = 2,
    skip: bool = False,
    batch_norm_momentum: float = 0.9,
    batch_norm_epsilon: float = 1e-5,
    kernel_stddev: float = 0.02,
) -> keras.Model:
    """Builds the generator of the second stage, with that of the first inside, which stays as is.

    | layer | output, at 128x128 | batch normalization | activation |
    |---|---|---|---|
    | latent and labels, stage one | 64x64x3 | | |
    | convolution 3x3 | 64x64x128 | no | ReLU |
    | convolution 4x4, stride 2 | 32x32x256 | yes | ReLU |
    | convolution 4x4, stride 2 | 16x16x512 | yes | ReLU |
    | with the one-hot labels at each place, convolution 3x3 | 16x16x512 | yes | ReLU |
    | two residual blocks of two convolutions 3x3 | 16x16x512 | yes | ReLU |
    | nearest-neighbour upsampling, convolution 3x3 | 32x32x512 | yes | gate, 256 |
    | nearest-neighbour upsampling, convolution 3x3 | 64x64x256 | yes | gate, 128 |
    | nearest-neighbour upsampling, convolution 3x3 | 128x128x128 | yes | gate, 64 |
    | convolution 3x3 | 128x128x3 | no | tanh |

    StackGAN has a ReLU in the place of each gate, and half the channels before it. Each gate adds
    one learned value per class and channel. GANGogh has one per position as well, which here would
    outnumber all other weights.

    Args:
        stage_one: The trained generator of the first stage, from latents, or from latents and
            labels, to images. It becomes a part of the model and untrainable.
        classes: Label sets: the name of each and its number of classes, as
            `{"genre": 4, "style": 11}`. Those of stage one must be among them.
        stage_one_classes: For each label set of stage one, the number there of each class of
            `classes`; where a set is left out, the numbers are the same.
        stage_one_range: `(low, high)` of the images of stage one.
        image_size: Side of the images, 64, 128 or 256: the side of stage one's, doubled once or
            more.
        channels: Channels of the images, those of stage one.
        base_width: Channels of the first convolution.
        depth: Number of residual blocks; published are two at 128x128 and four at 256x256.
        skip: Whether the last layer adds to stage one's picture, enlarged, instead of drawing
            all anew. Training then begins from stage one's picture; StackGAN has no such sum.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.
        kernel_stddev: Standard deviation of the normal initialization of kernels and gates.

    Returns:
        A model from `[latents, labels, ...]`, float32 `(batch, latent_dim)` and int32 `(batch,)`
        for each label set, to images `(batch, image_size, image_size, channels)`, float32 in
        [-1, 1].

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above or not a doubling of
            stage one's side, the stages differ in their channels, stage one draws a class that is
            not among `classes`, or a label set has no valid name or fewer than two classes.

    Example:
    >>> stage_one = gangogh_generator(classes={"genre": 10}, image_size=32, base_width=2)
    >>> generator = stackgan_generator(
    ...     stage_one, classes={"genre": 10, "style": 3}, image_size=64, base_width=4
    ... )
    >>> labels = keras.ops.array([3, 7]), keras.ops.array([0, 2])
    >>> generator([keras.random.normal((2, 128)), *labels]).shape
    TensorShape([2, 64, 64, 3])
    """
    check_sizes(channels=channels, base_width=base_width, depth=depth)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    check_positive(kernel_stddev=kernel_stddev)
    doublings = _check_sizes(stage_one, image_size, channels)
    kernels = for_each_layer(keras.initializers.RandomNormal(stddev=kernel_stddev))
    statistics = batch_norm_momentum, batch_norm_epsilon

    def convolution(x: KerasTensor, width: int) -> KerasTensor:
        x = CPUConv2D(width, 3, padding="same", use_bias=False, kernel_initializer=kernels)(x)
        return FusedBatchNormalization(*statistics)(x)

    latent = keras.Input(stage_one.inputs[0].shape[1:], name="latent")
    labels, separate = separate_one_hot_labels(classes)
    one_hots = layers.Concatenate()(separate) if len(separate) > 1 else separate[0]
    by_name = dict(zip(classes, separate, strict=True))
    picture = _stage_one_picture(
        stage_one, latent, by_name, stage_one_classes or {}, stage_one_range
    )
    x = CPUConv2D(base_width, 3, padding="same", kernel_initializer=kernels)(picture)
    x = layers.ReLU()(x)
    for width in (2 * base_width, 4 * base_width):
        x = downsample(x, width, 4, use_bias=False, kernel_initializer=kernels)
        x = layers.ReLU()(FusedBatchNormalization(*statistics)(x))

    everywhere = layers.RepeatVector(x.shape[1] * x.shape[2])(one_hots)
    everywhere = layers.Reshape((*x.shape[1:3], -1))(everywhere)
    x = layers.ReLU()(convolution(layers.Concatenate()([x, everywhere]), x.shape[-1]))
    for _ in range(depth):
        refined = layers.ReLU()(convolution(x, x.shape[-1]))
        x = layers.ReLU()(layers.Add()([x, convolution(refined, x.shape[-1])]))

    for level in range(doublings + 2):
        width = max(4 * base_width // 2**level, 2)
        width += width % 2
        x = upsample(x, width, 3, upsampling="nearest", use_bias=False, kernel_initializer=kernels)
        x = FusedBatchNormalization(*statistics)(x)
        condition = layers.Dense(
            width, use_bias=False, kernel_initializer=kernels, name=f"condition_{level + 1}"
        )(one_hots)
        x = ConditionalGate()([x, layers.Reshape((1, 1, width))(condition)])
    x = CPUConv2D(channels, 3, padding="same", kernel_initializer=kernels)(x)
    if skip:
        enlarged = layers.UpSampling2D(2**doublings, interpolation="bilinear", dtype="float32")
        x = layers.Add(dtype="float32")([x, InverseTanh()(enlarged(picture))])
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model([latent, *labels], images, name="stackgan_generator")


# Recipes name it in a table of its own.
stackgan_generator.network_names = ("stage_one",)


def _check_sizes(stage_one: keras.Model, image_size: int, channels: int) -> int:
    """Returns how often the side of stage one's pictures is doubled; refuses what does not fit."""
    drawn = tuple(stage_one.outputs[0].shape[1:])
    check_choice(IMAGE_SIZES, image_size=whole_number("image_size", image_size))
    side = drawn[0] or 0
    if drawn[1] != side or side < _ENCODED or side % _ENCODED:
        raise ValueError(
            f"Stage one must draw squares whose side is a multiple of {_ENCODED}. "
            f"Received: stage one drawing {drawn}"
        )
    doublings = int(math.log2(image_size / side)) if image_size > side else 0
    if doublings < 1 or side * 2**doublings != image_size:
        raise ValueError(
            f"image_size must be stage one's side, {side}, doubled once or more. "
            f"Received: {image_size=}"
        )
    if drawn[2] != channels:
        raise ValueError(
            f"Both stages must have the same channels. Received: stage one with {drawn[2]}, "
            f"{channels=}"
        )
    return doublings


def _stage_one_picture(
    stage_one: keras.Model,
    latent: KerasTensor,
    one_hots: dict[str, KerasTensor],
    stage_one_classes: dict[str, list[int]],
    image_range: tuple[float, float],
) -> KerasTensor:
    """Returns stage one's picture, float32 in [-1, 1], from the latents and labels of stage two."""
    network = one_hot_generator(stage_one)
    names = [labels.name for labels in stage_one.inputs[1:]]
    classes = {name: each.shape[-1] for name, each in one_hots.items()}
    numbers = {}
    for name, known in zip(names, network.inputs[1:], strict=True):
        count = known.shape[-1]
        numbers[name] = list(stage_one_classes.get(name, range(classes.get(name, 0))))
        fits = name in classes and len(numbers[name]) == classes[name]
        if not fits or not all(0 <= number < count for number in numbers[name]):
            raise ValueError(
                f"Stage one draws {count} classes of {name!r}, and the classes of stage two must "
                f"be among them. Received: {classes=}, stage_one_classes={stage_one_classes}"
            )
    layer = StageOne(network, classes=numbers, image_range=image_range, name="stage_one")
    return layer([latent, *(one_hots[name] for name in names)] if names else latent)
