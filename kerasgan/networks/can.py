"""The generator and the discriminator of "Implementing Creative Adversarial Networks".

Where the paper says nothing, this is chosen: kernels of 5, leaky ReLUs of slope 0.2, also after
the dense layers, and Glorot's initialization. With `centred`, the generator's first transposed
convolution lays the odd pixel of its padding before the map and not after it, which keeps the
picture where the map puts it.

Reference:
    Ahn, Lee and Huang, "Implementing Creative Adversarial Networks", University of California,
    Los Angeles, appendix "GAN architecture". After Elgammal et al., "CAN: Creative Adversarial
    Networks", 2017, https://arxiv.org/abs/1706.07068
"""

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import (
    check_batch_norm,
    check_choice,
    check_not_negative,
    check_sizes,
    whole_number,
)
from kerasgan.layers import (
    CPUConv2D,
    FastLeakyReLU,
    FusedBatchNormalization,
    MinibatchDiscrimination,
    MinibatchStandardDeviation,
    MinMaxScaling,
)
from kerasgan.networks.label_sets import check_label_sets, logits
from kerasgan.networks.strided_convolution import UPSAMPLINGS, doublings, upsample


def can_generator(
    *,
    image_size: int = 64,
    channels: int = 3,
    latent_dim: int = 100,
    dense_width: int = 1024,
    base_width: int = 32,
    kernel_size: int = 5,
    upsampling: str = "transposed",
    refinements: int = 0,
    logit_range: float | None = 4.0,
    normalization: str = "none",
    batch_norm_momentum: float = 0.9,
    batch_norm_epsilon: float = 1e-5,
    centred: bool = True,
) -> keras.Model:
    """Builds the transposed-convolution generator.

    | layer | output, at 64x64 | activation |
    |---|---|---|
    | latent | 100 | |
    | dense | 1024 | leaky ReLU 0.2 |
    | dense, reshaped | 8x8x128 | leaky ReLU 0.2 |
    | transposed convolution, stride 2 | 16x16x64 | leaky ReLU 0.2 |
    | transposed convolution, stride 2 | 32x32x32 | leaky ReLU 0.2 |
    | transposed convolution, stride 2 | 64x64x3 | |
    | linear map to [-4, 4] | 64x64x3 | sigmoid |

    The paper does not say how it maps linearly to [-4, 4]. Here each image's smallest and largest
    values become the ends, see `MinMaxScaling`: the sigmoid does not saturate, and every image
    spans the shades from 0.018 to 0.982.

    Args:
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one transposed
            convolution and doubles the width of the second dense layer's map.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        dense_width: Units of the first dense layer.
        base_width: Channels of the last hidden layer; each map before it has twice as many.
        kernel_size: Side of the kernels.
        upsampling: How a side is doubled: `"transposed"`, as published, or `"nearest"`, which
            leaves no checkerboard and takes an odd `kernel_size`; see
            `kerasgan.networks.strided_convolution`.
        refinements: Further 3x3 convolutions at the side of each hidden map, the 8x8 one included.
            As published there are none, so that each place of the 8x8 map draws its own patch,
            which only the few layers after it join to the next one's.
        logit_range: The linear map's interval is `[-logit_range, logit_range]`; `None`, or 0 in
            recipes, is without the map.
        normalization: `"none"`, as published, or `"batch"`, before each hidden activation.
        batch_norm_momentum: Momentum of the moving statistics.
        batch_norm_epsilon: Epsilon of the batch normalizations.
        centred: How the odd pixel of "same" padding is laid; see the module's docstring.

    Returns:
        A model from latents `(batch, latent_dim)` to images
        `(batch, image_size, image_size, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A size is below 1, `image_size`, `upsampling` or `normalization` is none of
            those above, or `logit_range` or `refinements` is negative.

    Example:
    >>> generator = can_generator(image_size=32, dense_width=8, base_width=2)
    >>> generator(keras.random.normal((2, 100))).shape
    TensorShape([2, 32, 32, 3])
    """
    check_sizes(
        channels=channels,
        latent_dim=latent_dim,
        dense_width=dense_width,
        base_width=base_width,
        kernel_size=kernel_size,
    )
    whole_number("refinements", refinements, least=0)
    check_choice(UPSAMPLINGS, upsampling=upsampling)
    if logit_range is not None:
        check_not_negative(logit_range=logit_range)
    check_batch_norm(batch_norm_momentum, batch_norm_epsilon)
    check_choice(("none", "batch"), normalization=normalization)
    levels = doublings(image_size, smallest=8)
    widths = [base_width * 2**level for level in reversed(range(levels))]
    # A batch normalization has the bias.
    use_bias = normalization == "none"

    def activated(x: KerasTensor) -> KerasTensor:
        if normalization == "batch":
            x = FusedBatchNormalization(batch_norm_momentum, batch_norm_epsilon)(x)
        return layers.LeakyReLU(0.2)(x)

    def refined(x: KerasTensor) -> KerasTensor:
        for _ in range(refinements):
            x = CPUConv2D(x.shape[-1], 3, padding="same", use_bias=use_bias)(x)
            x = activated(x)
        return x

    latent = keras.Input((latent_dim,), name="latent")
    x = activated(layers.Dense(dense_width, use_bias=use_bias)(latent))
    x = activated(layers.Dense(8 * 8 * widths[0], use_bias=use_bias)(x))
    x = refined(layers.Reshape((8, 8, widths[0]))(x))
    for level, width in enumerate(widths[1:]):
        x = upsample(
            x,
            width,
            kernel_size,
            upsampling=upsampling,
            other_side=centred and level == 0,
            use_bias=use_bias,
        )
        x = refined(activated(x))
    x = upsample(x, channels, kernel_size, upsampling=upsampling)
    if logit_range:
        x = MinMaxScaling(-logit_range, logit_range, dtype="float32")(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latent, images, name="can_generator")


def can_discriminator(
    *,
    classes: dict[str, int] | None = None,
    image_size: int = 64,
    channels: int = 3,
    dense_width: int = 1024,
    base_width: int = 32,
    kernel_size: int = 5,
    minibatch_stddev: bool = False,
    minibatch_discrimination: int = 0,
) -> keras.Model:
    """Builds the discriminator, which judges and classifies in parallel stacks.

    | layer | output, at 64x64 | activation |
    |---|---|---|
    | image | 64x64x3 | |
    | convolution | 64x64x32 | leaky ReLU 0.2 |
    | average pooling 2x2 | 32x32x32 | |
    | convolution | 32x32x64 | leaky ReLU 0.2 |
    | average pooling 2x2 | 16x16x64 | |
    | convolution | 16x16x128 | leaky ReLU 0.2 |
    | average pooling 2x2, flattened | 8x8x128 = 8192 | |
    | score: dense | 1024 | leaky ReLU 0.2 |
    | score: dense | 1 | |
    | logits of each label set: dense | 1024 | leaky ReLU 0.2 |
    | logits of each label set: dense | 7 | |

    Two remedies against a generator that lacks diversity are options: minibatch discrimination,
    which the paper names, and the minibatch standard deviation (Karras et al., 2018). They feed the
    score's stack only: an image's class does not depend on its neighbours.

    Args:
        classes: Label sets: the name of each and its number of classes, as `{"style": 7}`;
            `None` is without classification.
        image_size: Side of the images: 32, 64, 128 or 256. Each doubling adds one convolution of
            twice the width.
        channels: Channels of the images.
        dense_width: Units of each stack's hidden layer.
        base_width: Channels of the first convolution; each one after it has twice as many.
        kernel_size: Side of the kernels.
        minibatch_stddev: Whether a `MinibatchStandardDeviation` joins the last map.
        minibatch_discrimination: Number of kernels of a `MinibatchDiscrimination` of the
            flattened map; 0 is without.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` in [0, 1] to `[scores,
        logits, ...]`, unbounded float32 `(batch, 1)` and `(batch, n)` for each label set; to the
        scores alone without any.

    Raises:
        ValueError: A size is below 1, `image_size` is none of those above, a label set has no
            valid name or fewer than two classes, or `minibatch_discrimination` is negative.

    Example:
    >>> discriminator = can_discriminator(
    ...     classes={"style": 7}, image_size=32, dense_width=8, base_width=2
    ... )
    >>> scores, styles = discriminator(keras.random.uniform((2, 32, 32, 3)))
    >>> scores.shape, styles.shape
    (TensorShape([2, 1]), TensorShape([2, 7]))
    """
    check_sizes(
        channels=channels,
        dense_width=dense_width,
        base_width=base_width,
        kernel_size=kernel_size,
    )
    classes = classes or {}
    check_label_sets(classes)
    whole_number("minibatch_discrimination", minibatch_discrimination, least=0)

    levels = doublings(image_size, smallest=8)
    images = keras.Input((image_size, image_size, channels), name="images")
    x = images
    for level in range(levels):
        x = CPUConv2D(base_width * 2**level, kernel_size, padding="same")(x)
        x = FastLeakyReLU(0.2)(x)
        x = layers.AveragePooling2D(2)(x)
    features = layers.Flatten(name="features")(x)

    judged = features
    if minibatch_stddev:
        # Without class heads nothing else sees the features.
        flatten = layers.Flatten(name=None if classes else "features")
        judged = flatten(MinibatchStandardDeviation()(x))
    if minibatch_discrimination:
        judged = MinibatchDiscrimination(minibatch_discrimination, dtype="float32")(judged)
    hidden = FastLeakyReLU(0.2)(layers.Dense(dense_width)(judged))
    scores = layers.Dense(1, dtype="float32", name="scores")(hidden)

    heads = []
    for name, count in classes.items():
        hidden = FastLeakyReLU(0.2)(layers.Dense(dense_width)(features))
        heads += logits(hidden, {name: count})
    return keras.Model(images, [scores, *heads] if heads else scores, name="can_discriminator")
