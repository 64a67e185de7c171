"""The generator and the critic of GANGogh: paintings of a requested genre.

Between two gates a generator of GANGogh has nothing but a transposed convolution and a batch
normalization, and each gate is shifted by what the labels say. The critic judges and classifies
from the same features.

The padding is the published "same". Its odd pixel is laid after the map at every layer, which
moves the picture by half a place of the smallest map; with `centred`, the layer next to that map
lays it before. Sizes, widths and numbers of parameters are the same either way.

References:
    Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017,
    https://github.com/rkjones4/GANGogh
    Gulrajani et al., "Improved Training of Wasserstein GANs", 2017, appendix,
    https://arxiv.org/abs/1704.00028, whose DCGAN is the critic.
"""

import math
from typing import Any

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import (
    check_batch_norm,
    check_between,
    check_choice,
    check_positive,
    check_sizes,
)
from kerasgan.layers import (
    ConditionalGate,
    CountedDropout,
    FastLeakyReLU,
    FusedBatchNormalization,
    MinibatchStandardDeviation,
)
from kerasgan.networks.image_normalization import IMAGE_NORMALIZATIONS, image_normalization
from kerasgan.networks.initializers import for_each_layer
from kerasgan.networks.label_sets import check_label_sets, logits, one_hot_labels
from kerasgan.networks.strided_convolution import (
    UPSAMPLINGS,
    doublings,
    downsample,
    upsample,
)

CONDITIONINGS = ("spatial", "channel")


def gangogh_generator(
    *,
    classes: dict[str, int],
    image_size: int = 64,
    channels: int = 3,
    latent_dim: int = 128,
    base_width: int = 64,
    conditioning: str = "spatial",
    kernel_size: int = 5,
    upsampling: str = "transposed",
    batch_norm_momentum: float = 0.9,
    batch_norm_epsilon: float = 1e-5,
    kernel_stddev: float = 0.02,
    centred: bool = True,
) -> keras.Model:
    """Builds the globally conditioned generator.

    | layer | output, at 64x64 | batch normalization | after the gate |
    |---|---|---|---|
    | latent and one-hot labels, dense, reshaped | 4x4x1024 | yes | 4x4x512 |
    | transposed convolution, stride 2 | 8x8x512 | yes | 8x8x256 |
    | transposed convolution, stride 2 | 16x16x256 | yes | 16x16x128 |
    | transposed convolution, stride 2 | 32x32x128 | yes | 32x32x64 |
    | transposed convolution, stride 2, tanh | 64x64x3 | no | |

    Each gate takes the features and the learned map of the labels, see `ConditionalGate`. With
    two or more label sets the maps of the sets are added. The published code gives all maps but
    the first a bias that all classes share; a class's own map holds it already, and it is left
    out. The batch normalizations subtract one mean per channel, so only the dense layer's biases,
    one for each place too, are worth having before them.

    The published code takes the batch's statistics also when it samples; this generator takes
    the moving ones, so that an image does not depend on its neighbours.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"genre": 14}`.
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one transposed
            convolution and doubles the width of the first layer.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        base_width: Channels after the last gate; each gate before it has twice as many.
        conditioning: `"spatial"`, as published, learns a map with a value for each place and
            channel; `"channel"`, as in WaveNet, one value for each channel.
        kernel_size: Side of the kernels.
        upsampling: How a side is doubled: `"transposed"`, as published, or `"nearest"`, which
            leaves no checkerboard and takes an odd `kernel_size`; see
            `kerasgan.networks.strided_convolution`.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.
        kernel_stddev: Standard deviation of the uniform initialization of kernels and maps, whose
            bounds are ±sqrt(3) times it.
        centred: How the odd pixel of "same" padding is laid; see the module's docstring.

    Returns:
        A model from `[latents, labels, ...]`, float32 `(batch, latent_dim)` and int32 `(batch,)`
        for each label set, to images `(batch, image_size, image_size, channels)`, float32 in
        [-1, 1].

    Raises:
        ValueError: A size is below 1; `image_size`, `conditioning` or `upsampling` is none of those
            above; or `classes` is empty, or has a set of no valid name or fewer than two classes.

    Example:
    >>> generator = gangogh_generator(classes={"genre": 14}, image_size=32, base_width=2)
    >>> generator([keras.random.normal((2, 128)), keras.ops.array([3, 7])]).shape
    TensorShape([2, 32, 32, 3])
    """
    check_sizes(
        channels=channels, latent_dim=latent_dim, base_width=base_width, kernel_size=kernel_size
    )
    check_choice(CONDITIONINGS, conditioning=conditioning)
    check_choice(UPSAMPLINGS, upsampling=upsampling)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    levels = doublings(image_size, smallest=4)
    width = base_width * 2**levels
    kernels = _uniform(kernel_stddev)

    latent = keras.Input((latent_dim,), name="latent")
    labels, one_hots = one_hot_labels(classes)
    x = layers.Concatenate()([latent, one_hots])
    x = layers.Dense(4 * 4 * width, kernel_initializer=kernels)(x)
    x = layers.Reshape((4, 4, width))(x)
    for level in range(levels):
        if level > 0:
            x = upsample(
                x,
                x.shape[-1],
                kernel_size,
                upsampling=upsampling,
                other_side=centred and level == 1,
                use_bias=False,
                kernel_initializer=kernels,
            )
        x = FusedBatchNormalization(batch_norm_momentum, batch_norm_epsilon)(x)
        places = x.shape[1:-1] if conditioning == "spatial" else (1, 1)
        map_shape = (*places, x.shape[-1])
        x = ConditionalGate()([x, _condition(one_hots, map_shape, kernels, level)])
    x = upsample(x, channels, kernel_size, upsampling=upsampling, kernel_initializer=kernels)
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model([latent, *labels], images, name="gangogh_generator")


def gangogh_critic(
    *,
    classes: dict[str, int],
    image_size: int = 64,
    channels: int = 3,
    base_width: int = 64,
    kernel_size: int = 5,
    kernel_stddev: float = 0.02,
    centred: bool = True,
    normalization: str = "layer",
    minibatch_stddev: bool = False,
    class_dropout: float = 0.0,
    blur: bool = False,
) -> keras.Model:
    """Builds the critic, which scores and classifies.

    | layer | output, at 64x64 | normalization | activation |
    |---|---|---|---|
    | image | 64x64x3 | | |
    | convolution, stride 2 | 32x32x64 | no | leaky ReLU 0.2 |
    | convolution, stride 2 | 16x16x128 | yes | leaky ReLU 0.2 |
    | convolution, stride 2 | 8x8x256 | yes | leaky ReLU 0.2 |
    | convolution, stride 2 | 4x4x512 | yes | leaky ReLU 0.2 |
    | flattened | 8192 | | |
    | dense: score; dense: logits of each label set | 1; 14 | | |

    The normalization is of each image by itself, with a gain and an offset for each channel: the
    images of a batch stay independent, as the gradient penalty needs.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"genre": 14}`.
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one convolution of
            twice the width.
        channels: Channels of the images.
        base_width: Channels of the first convolution; each one after it has twice as many.
        kernel_size: Side of the kernels.
        kernel_stddev: Standard deviation of the uniform initialization of the kernels, whose
            bounds are ±sqrt(3) times it.
        centred: How the odd pixel of "same" padding is laid; see the module's docstring.
        normalization: `"layer"`, as published: over the height, width and channels of an image. Or
            `"channel"`: over the channels of each place alone, so that a loud patch leaves the
            features of places that do not see it as they are; with `"layer"` it quietens the whole
            image.
        minibatch_stddev: Whether the score also sees a `MinibatchStandardDeviation` of the last
            map. The logits never do: an image's class is its own.
        class_dropout: Rate of a dropout of the features that the logits are made of, in [0, 1).
            The score sees all of them.
        blur: Whether each convolution but the first sees means of 2x2 places, which leaves fewer
            lattices; see `kerasgan.networks.strided_convolution`.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [-1, 1] to `[scores,
        logits, ...]`, unbounded float32 `(batch, 1)` and `(batch, n)` for each label set; to the
        scores alone without any.

    Raises:
        ValueError: A size is below 1, `image_size` or `normalization` is none of those above, or a
            label set has no valid name or fewer than two classes.

    Example:
    >>> critic = gangogh_critic(classes={"genre": 14}, image_size=32, base_width=2)
    >>> scores, genres = critic(keras.random.uniform((2, 32, 32, 3), -1, 1))
    >>> scores.shape, genres.shape
    (TensorShape([2, 1]), TensorShape([2, 14]))
    """
    check_sizes(channels=channels, base_width=base_width, kernel_size=kernel_size)
    check_choice(IMAGE_NORMALIZATIONS, normalization=normalization)
    check_label_sets(classes)
    check_between(0.0, 1.0, "[)", class_dropout=class_dropout)
    levels = doublings(image_size, smallest=4)
    kernels = _uniform(kernel_stddev)

    images = keras.Input((image_size, image_size, channels), name="images")
    x = images
    for level in range(levels):
        x = downsample(
            x,
            base_width * 2**level,
            kernel_size,
            other_side=centred and level == levels - 1,
            blur=blur and level > 0,
            kernel_initializer=kernels,
        )
        if level > 0:
            x = image_normalization(normalization)(x)
        x = FastLeakyReLU(0.2)(x)
    features = layers.Flatten(name="features")(x)
    judged = features
    if minibatch_stddev:
        # Without class heads nothing else sees the features.
        flatten = layers.Flatten(name=None if classes else "features")
        judged = flatten(MinibatchStandardDeviation()(x))
    scores = layers.Dense(1, kernel_initializer=kernels, dtype="float32", name="scores")(judged)
    if class_dropout:
        features = CountedDropout(class_dropout, name="class_dropout")(features)
    heads = logits(features, classes, kernel_initializer=kernels)
    return keras.Model(images, [scores, *heads] if heads else scores, name="gangogh_critic")


def _condition(
    one_hots: KerasTensor,
    shape: tuple[int, ...],
    kernels: dict[str, Any],
    level: int,
) -> KerasTensor:
    """Returns the sum of the learned maps, of `shape`, of each image's labels."""
    maps = layers.Dense(
        math.prod(shape), use_bias=False, kernel_initializer=kernels, name=f"condition_{level + 1}"
    )
    return layers.Reshape(shape)(maps(one_hots))


def _uniform(stddev: float) -> dict[str, Any]:
    check_positive(kernel_stddev=stddev)
    half_width = stddev * math.sqrt(3.0)
    return for_each_layer(keras.initializers.RandomUniform(-half_width, half_width))
