"""The generator and the critic of "Pokemon Generation with Wasserstein GAN".

The paper's padding is "same". With kernels of 5 and strides of 2 that is three pixels at each
layer, of which TensorFlow lays one before and two after the image. Over the layers that adds up:
what a place of the 4x4 map draws is centred not on its own 32x32 pixels but on their last corner,
and the top and the left of the picture are hardly reached. So are the critic's scores. With
`centred`, the layer next to the smallest map lays two before and one after, which brings all
back to the centre; without it, every layer is as Keras makes it.

Layers before a batch normalization have no bias, which that would subtract again.

References:
    Xiang, "Pokemon Generation with Wasserstein GAN", The University of Sydney, section 4.1.
    Wang et al., "High-Resolution Image Synthesis and Semantic Manipulation with Conditional GANs",
    2018, section 3.2, https://arxiv.org/abs/1711.11585, for `scales`.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import (
    check_batch_norm,
    check_between,
    check_choice,
    check_positive,
    check_sizes,
    whole_number,
)
from kerasgan.layers import (
    CountedDropout,
    FastLeakyReLU,
    FusedBatchNormalization,
    MinibatchStandardDeviation,
)
from kerasgan.networks.image_normalization import IMAGE_NORMALIZATIONS, image_normalization
from kerasgan.networks.initializers import for_each_layer
from kerasgan.networks.strided_convolution import (
    UPSAMPLINGS,
    doublings,
    downsample,
    upsample,
)

IMAGE_SIZES = (32, 64, 128, 256)


def pokemon_generator(
    *,
    image_size: int = 128,
    channels: int = 3,
    latent_dim: int = 100,
    base_width: int = 16,
    kernel_size: int = 5,
    upsampling: str = "transposed",
    batch_norm_momentum: float = 0.8,
    batch_norm_epsilon: float = 1e-3,
    kernel_stddev: float | None = None,
    leak: float = 0.0,
    centred: bool = True,
) -> keras.Model:
    """Builds the transposed-convolution generator.

    | layer | output, at 128x128 | activation | batch normalization |
    |---|---|---|---|
    | latent | 100 | | |
    | dense, reshaped | 4x4x256 | ReLU | yes |
    | transposed convolution, stride 2 | 8x8x128 | ReLU | yes |
    | transposed convolution, stride 2 | 16x16x64 | ReLU | yes |
    | transposed convolution, stride 2 | 32x32x32 | ReLU | yes |
    | transposed convolution, stride 2 | 64x64x16 | ReLU | yes |
    | transposed convolution, stride 2 | 128x128x3 | tanh | no |

    Args:
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one transposed
            convolution and doubles the width of the first layer.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        base_width: Channels of the last hidden layer; each layer before it has twice as many.
        kernel_size: Side of the kernels.
        upsampling: How a side is doubled: `"transposed"`, as published, or `"nearest"`, which
            leaves no checkerboard and takes an odd `kernel_size`; see
            `kerasgan.networks.strided_convolution`.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.
        kernel_stddev: Standard deviation of the kernels' normal initialization; `None` is
            Glorot's uniform one.
        leak: Slope of the activations below zero, in [0, 1); 0 is ReLU, as published. Where all
            channels of the last hidden layer are below zero, rectifiers leave the grey of the bias,
            and no gradient that would change it.
        centred: How the odd pixel of "same" padding is laid; see the module's docstring.

    Returns:
        A model from latents `(batch, latent_dim)` to images
        `(batch, image_size, image_size, channels)`, float32 in [-1, 1].

    Raises:
        ValueError: A size is below 1, or `image_size` or `upsampling` is none of those above.

    Example:
    >>> generator = pokemon_generator(image_size=32, base_width=4)
    >>> generator(keras.random.normal((2, 100))).shape
    TensorShape([2, 32, 32, 3])
    """
    check_sizes(
        channels=channels, latent_dim=latent_dim, base_width=base_width, kernel_size=kernel_size
    )
    check_choice(UPSAMPLINGS, upsampling=upsampling)
    check_between(0.0, 1.0, "[)", leak=leak)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    widths = _widths(image_size, base_width, smallest=4)[::-1]
    kernels = _initializer(kernel_stddev)
    normalize = {"momentum": batch_norm_momentum, "epsilon": batch_norm_epsilon}

    def rectify() -> layers.Layer:
        return FastLeakyReLU(leak) if leak else layers.ReLU()

    latent = keras.Input((latent_dim,), name="latent")
    x = layers.Dense(4 * 4 * widths[0], use_bias=False, kernel_initializer=kernels)(latent)
    x = FusedBatchNormalization(**normalize)(x)
    x = rectify()(x)
    x = layers.Reshape((4, 4, widths[0]))(x)
    for level, width in enumerate(widths[1:]):
        x = upsample(
            x,
            width,
            kernel_size,
            upsampling=upsampling,
            other_side=centred and level == 0,
            use_bias=False,
            kernel_initializer=kernels,
        )
        x = FusedBatchNormalization(**normalize)(x)
        x = rectify()(x)
    x = upsample(x, channels, kernel_size, upsampling=upsampling, kernel_initializer=kernels)
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model(latent, images, name="pokemon_generator")


def pokemon_critic(
    *,
    image_size: int = 128,
    channels: int = 3,
    base_width: int = 16,
    kernel_size: int = 5,
    normalization: str = "batch",
    batch_norm_momentum: float = 0.8,
    batch_norm_epsilon: float = 1e-3,
    minibatch_stddev: bool = False,
    kernel_stddev: float | None = None,
    dropout: float = 0.0,
    scales: int = 1,
    blur: bool = False,
    centred: bool = True,
) -> keras.Model:
    """Builds the convolutional critic.

    | layer | output, at 128x128 | activation | batch normalization |
    |---|---|---|---|
    | image | 128x128x3 | | |
    | convolution, stride 2 | 64x64x16 | leaky ReLU 0.2 | yes |
    | convolution, stride 2 | 32x32x32 | leaky ReLU 0.2 | yes |
    | convolution, stride 2 | 16x16x64 | leaky ReLU 0.2 | yes |
    | convolution, stride 2 | 8x8x128 | leaky ReLU 0.2 | yes |
    | dense over channels | 8x8x1 | none | no |

    The paper gives the last layer's shape as "1, 8, 8". It is read as a dense layer over the
    channels at each of the 8x8 places, whose outputs are averaged to one score for the image.

    Args:
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one convolution
            of twice the width.
        channels: Channels of the images.
        base_width: Channels of the first convolution; each one after it has twice as many.
        kernel_size: Side of the kernels.
        normalization: `"batch"`, as published, in all layers. A gradient penalty, the report's
            future work, needs a critic that judges each image by itself: `"none"`; `"layer"`, over
            the height, width and channels of an image; or `"channel"`, over the channels of each
            place alone. The last two begin with the second convolution. With `"channel"` a loud
            patch leaves the scores of places that do not see it as they are; with `"layer"` it
            quietens the whole image.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations. Where weights are clipped to
            0.01, activations have variances around 1e-6, and an epsilon far below that keeps
            the signal alive.
        minibatch_stddev: Whether the score also sees a `MinibatchStandardDeviation` of the last
            map.
        kernel_stddev: Standard deviation of the kernels' normal initialization; `None` is
            Glorot's uniform one.
        dropout: Rate of a dropout after every activation, in [0, 1). The paper considers one and
            gives no rate.
        scales: At how many sizes an image is judged, 1 to 4: its own, half of it, and so on. Each
            has layers of its own, and the score is the mean of theirs, as in the multi-scale
            discriminator of Wang et al. With kernels of 5 a place of the 8x8 map sees 61 pixels, at
            the third size 244: pieces become bodies. A deeper critic sees as far, but where
            weights are clipped its gradient dwindles with every layer.
        blur: Whether each convolution but the first sees means of 2x2 places, which leaves fewer
            lattices; see `kerasgan.networks.strided_convolution`.
        centred: How the odd pixel of "same" padding is laid; see the module's docstring.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [-1, 1] to scores
        `(batch, 1)`, float32, unbounded. Its layer `"features"` is the last activation at the
        images' own size, a map.

    Raises:
        ValueError: A size is below 1, or `image_size`, `normalization` or `scales` is none of those
            above.

    Example:
    >>> critic = pokemon_critic(image_size=32, base_width=4)
    >>> critic(keras.random.uniform((2, 32, 32, 3), -1, 1)).shape
    TensorShape([2, 1])
    """
    check_sizes(channels=channels, base_width=base_width, kernel_size=kernel_size)
    check_choice(("batch", "none", *IMAGE_NORMALIZATIONS), normalization=normalization)
    whole_number("scales", scales, least=1, most=4)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    check_between(0.0, 1.0, "[)", dropout=dropout)
    kernels = _initializer(kernel_stddev)
    normalize = {"momentum": batch_norm_momentum, "epsilon": batch_norm_epsilon}

    widths = _widths(image_size, base_width, smallest=8)
    images = keras.Input((image_size, image_size, channels), name="images")

    def score(x: KerasTensor, suffix: str) -> KerasTensor:
        for width in widths:
            x = downsample(
                x,
                width,
                kernel_size,
                other_side=centred and width == widths[-1],
                blur=blur and width != base_width,
                use_bias=normalization != "batch",
                kernel_initializer=kernels,
            )
            if normalization == "batch":
                x = FusedBatchNormalization(**normalize)(x)
            elif normalization != "none" and width != base_width:
                x = image_normalization(normalization)(x)
            x = FastLeakyReLU(0.2, name=f"features{suffix}" if width == widths[-1] else None)(x)
            if dropout:
                # By its name a layer draws its masks. Keras's own count the layers of a process.
                x = CountedDropout(dropout, name=f"dropout_{x.shape[1]}{suffix}")(x)
        if minibatch_stddev:
            x = MinibatchStandardDeviation()(x)
        x = layers.Dense(1, kernel_initializer=kernels, dtype="float32")(x)
        return layers.GlobalAveragePooling2D(dtype="float32", name=f"scores{suffix}")(x)

    scores, x = [score(images, "")], images
    for scale in range(1, scales):
        x = layers.AveragePooling2D(2)(x)
        scores.append(score(x, f"_of_{image_size // 2**scale}"))
    mean = scores[0] if scales == 1 else layers.Average(dtype="float32", name="mean_score")(scores)
    return keras.Model(images, mean, name="pokemon_critic")


def _widths(image_size: int, base_width: int, *, smallest: int) -> list[int]:
    """Channels of each halving of the side from `image_size` down to `smallest`."""
    levels = doublings(image_size, smallest=smallest, sizes=IMAGE_SIZES)
    return [base_width * 2**level for level in range(levels)]


def _initializer(stddev: float | None) -> dict[str, Any] | str:
    if stddev is None:
        return "glorot_uniform"
    check_positive(kernel_stddev=stddev)
    return for_each_layer(keras.initializers.RandomNormal(stddev=stddev))
