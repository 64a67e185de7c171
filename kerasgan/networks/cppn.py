"""Compositional pattern-producing networks: an image as a function of the place; and their critic.

The colour of a pixel is what one small network makes of the image's latent and of the pixel's
coordinates. The network knows of no grid, so a trained one can draw at any size; see
`kerasgan.networks.cppn_render`. The discriminator and the encoder that train it as a GAN with an
autoencoder are in `kerasgan.networks.cppn_vaegan`.

References:
    Ha, "Generating Large Images from Latent Vectors", 2016 (the network and its latents).
    "Generative Art with CPPN-GANs Part II", 2018 (tanh throughout, latents of 128, the critics).
    Stanley, "Compositional pattern producing networks", 2007.
    Anokhin et al., "Image Generators with Conditionally-Independent Pixel Synthesis", 2021,
        https://arxiv.org/abs/2011.13775 (the options of `cppn_generator`).
"""

import math

import keras
from keras import layers

from kerasgan.argument_checks import (
    check_between,
    check_choice,
    check_positive,
    check_sizes,
    whole_number,
)
from kerasgan.layers import CoordinateDense, CPUConv2D, FastLeakyReLU, LatentModulation
from kerasgan.networks.image_normalization import IMAGE_NORMALIZATIONS, image_normalization


def cppn_generator(
    *,
    image_size: int = 28,
    channels: int = 1,
    latent_dim: int = 128,
    width: int = 128,
    depth: int = 4,
    latent_scale: float = 1.0,
    coordinate_scale: float = 8.0,
    first_activation: str = "tanh",
    activation: str = "tanh",
    weight_stddev: float | None = None,
    octaves: int = 0,
    directions: int = 4,
    modulated: bool = False,
    mapping_depth: int = 0,
    mapping_width: int = 256,
) -> keras.Model:
    """Builds the generator.

    | layer, at each pixel | output | activation |
    |---|---|---|
    | latent, x, y, r | 128, 1, 1, 1 | |
    | dense over these | 128 | `first_activation` |
    | dense, three times | 128 | `activation` |
    | dense | 1 | sigmoid |

    The defaults are those of the Wasserstein CPPN. That of the GAN with an autoencoder has
    `image_size=26, latent_dim=32, latent_scale=8.0, first_activation="softplus",
    weight_stddev=0.1`.

    Three options, which neither document has, let it draw finer and more varied pictures: `octaves`
    adds waves of the coordinates to the first layer's input; with `modulated` the latent also
    scales and shifts what each further hidden layer computes, before its activation; and with
    `mapping_depth` dense layers first make of the latent what takes its place in all of these. They
    run once for a picture, not at every pixel, and so cost little. It still draws at any size.

    Args:
        image_size: Side of the images, in pixels.
        channels: Channels of the images.
        latent_dim: Length of the latent.
        width: Units of every hidden layer.
        depth: Number of hidden layers, the first included.
        latent_scale: What latents are multiplied by before the first layer.
        coordinate_scale: x and y run over [-coordinate_scale, coordinate_scale].
        first_activation: Keras's name of the activation after the first layer.
        activation: Keras's name of the activation after the other hidden layers.
        weight_stddev: Standard deviation of the normal distribution that all kernels and biases
            are drawn from; `None` is PyTorch's uniform one, +-1/sqrt(fan-in), where x, y and r
            are layers of one input each.
        octaves: Number of waves in each direction; see `kerasgan.layers.CoordinateDense`.
        directions: Number of directions of waves.
        modulated: Whether the latent, as it is, modulates the hidden layers after the first; see
            `kerasgan.layers.LatentModulation`.
        mapping_depth: Number of dense layers, each with a leaky ReLU of slope 0.2, that map the
            latent before it enters any other layer; 0 for none. It is the mapping network of Karras
            et al., "A Style-Based Generator Architecture for Generative Adversarial Networks",
            2019, section 2, and for networks of pixels of Anokhin et al., 2021.
        mapping_width: Units of each of them.

    Returns:
        A model from latents `(batch, latent_dim)` to images
        `(batch, image_size, image_size, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A size, `depth`, a scale or `weight_stddev` is not positive, `mapping_depth` is
            negative, or an activation is unknown.

    Example:
    >>> generator = cppn_generator(image_size=8, width=4)
    >>> generator(keras.random.normal((2, 128))).shape
    TensorShape([2, 8, 8, 1])
    """
    check_sizes(
        image_size=image_size,
        channels=channels,
        latent_dim=latent_dim,
        width=width,
        depth=depth,
        mapping_width=mapping_width,
    )
    check_positive(latent_scale=latent_scale, coordinate_scale=coordinate_scale)
    if weight_stddev is not None:
        check_positive(weight_stddev=weight_stddev)
    latent = mapped = keras.Input((latent_dim,), name="latent")
    for _ in range(whole_number("mapping_depth", mapping_depth, least=0)):
        # In float32, as is the layer that takes them.
        mapped = layers.Dense(
            mapping_width, "leaky_relu", kernel_initializer="he_normal", dtype="float32"
        )(mapped)
        latent_dim = mapping_width
    x = CoordinateDense(
        width,
        height=image_size,
        width=image_size,
        coordinate_scale=coordinate_scale,
        latent_scale=latent_scale,
        octaves=octaves,
        directions=directions,
        latent_initializer=_initializer(weight_stddev, latent_dim),
        coordinate_initializer=_initializer(weight_stddev, 1),
        bias_initializer=_initializer(weight_stddev, latent_dim),
    )(mapped)
    # Its input is float32. To cast after it is more exact than before, and no slower.
    x = layers.Activation(first_activation, dtype="float32")(x)
    for _ in range(depth - 1):
        x = _dense(width, width, weight_stddev)(x)
        if modulated:
            initializer = _initializer(weight_stddev, latent_dim)
            x = LatentModulation(kernel_initializer=initializer)([x, mapped])
        x = layers.Activation(activation)(x)
    x = _dense(channels, width, weight_stddev)(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latent, images, name="cppn_generator")


def cppn_critic(
    *,
    image_size: int = 28,
    channels: int = 1,
    base_width: int = 64,
    kernel_size: int = 5,
    leak: float = 0.0,
    normalization: str = "none",
) -> keras.Model:
    """Builds the convolutional critic.

    | layer | output, at 28x28 | activation |
    |---|---|---|
    | image | 28x28x1 | |
    | convolution, stride 2 | 14x14x64 | ReLU |
    | convolution, stride 2 | 7x7x128 | ReLU |
    | convolution, stride 2, flattened | 4x4x256 = 4096 | ReLU |
    | dense | 1 | none |

    Convolutions halve the side until it is at most 4, and each has twice the width of the one
    before. So images of 32 have three as well, and those of 64 a fourth of width 512, about which
    the document says nothing: its code draws 32 pixels where its text says 64.

    As in PyTorch, the padding is the same on both sides, `(kernel_size - 1) // 2`, and kernels and
    biases start uniform in +-1/sqrt(fan-in). No batch is normalized, because the gradient penalty
    concerns each image by itself.

    The defaults are the critic of MNIST. That of CIFAR-10 has `image_size=32, channels=3,
    base_width=128, kernel_size=3, leak=0.01`.

    Args:
        image_size: Side of the images, at least 5.
        channels: Channels of the images.
        base_width: Channels of the first convolution.
        kernel_size: Side of the kernels, at least 2.
        leak: Slope of the activations below zero; 0 is ReLU.
        normalization: `"none"`, as published; or, before the activations from the second
            convolution on, `"layer"`, over the height, width and channels of an image, or
            `"channel"`, over the channels of each place alone.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` to scores `(batch, 1)`,
        float32, unbounded.

    Raises:
        ValueError: A size is below 1, `image_size` below 5, `kernel_size` below 2, or there is no
            such `normalization`.

    Example:
    >>> critic = cppn_critic(base_width=2)
    >>> critic(keras.random.uniform((2, 28, 28, 1))).shape
    TensorShape([2, 1])
    """
    check_sizes(channels=channels, base_width=base_width)
    whole_number("image_size", image_size, least=5)
    whole_number("kernel_size", kernel_size, least=2)
    check_choice(("none", *IMAGE_NORMALIZATIONS), normalization=normalization)
    check_between(0.0, 1.0, "[)", leak=leak)

    images = keras.Input((image_size, image_size, channels), name="images")
    x, width = images, base_width
    while x.shape[1] > 4:
        fan_in = kernel_size**2 * x.shape[-1]
        x = layers.ZeroPadding2D((kernel_size - 1) // 2)(x)
        x = CPUConv2D(
            width,
            kernel_size,
            strides=2,
            kernel_initializer=fan_in_uniform(fan_in),
            bias_initializer=fan_in_uniform(fan_in),
        )(x)
        if normalization != "none" and width != base_width:
            x = image_normalization(normalization)(x)
        x = FastLeakyReLU(leak)(x)
        width *= 2
    x = layers.Flatten(name="features")(x)
    scores = layers.Dense(
        1,
        kernel_initializer=fan_in_uniform(x.shape[-1]),
        bias_initializer=fan_in_uniform(x.shape[-1]),
        dtype="float32",
        name="scores",
    )(x)
    return keras.Model(images, scores, name="cppn_critic")


def _dense(units: int, inputs: int, stddev: float | None) -> keras.layers.Layer:
    """Returns a dense layer over the channels of each pixel.

    As a convolution of one pixel, TensorFlow fuses it with its bias, which it does not do for
    `keras.layers.Dense` over maps. In bfloat16 the generator trains a seventh faster so.
    """
    return CPUConv2D(
        units,
        1,
        kernel_initializer=_initializer(stddev, inputs),
        bias_initializer=_initializer(stddev, inputs),
    )


def _initializer(stddev: float | None, fan_in: int) -> keras.initializers.Initializer:
    """Returns a new initializer: one that is used twice draws the same numbers again."""
    if stddev is None:
        return fan_in_uniform(fan_in)
    return keras.initializers.RandomNormal(stddev=stddev)


def fan_in_uniform(fan_in: int) -> keras.initializers.Initializer:
    """Returns the initializer U(-1/sqrt(fan_in), 1/sqrt(fan_in)), for a kernel or a bias.

    Networks published in PyTorch start from it unless they say otherwise. The bias's interval
    depends on what enters the layer, which its shape does not tell; hence the argument.

    Args:
        fan_in: How many numbers enter each unit of the layer: the features of a dense layer, the
            area of a convolution's kernel times its input's channels.
    """
    limit = 1.0 / math.sqrt(fan_in)
    return keras.initializers.RandomUniform(-limit, limit)
