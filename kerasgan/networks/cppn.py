"""The compositional pattern-producing network: an image as a function of the place.

The colour of a pixel is what one small network says to the image's latent and the pixel's
coordinates. Nothing in it knows of a grid, so a trained one draws at any size; see
`kerasgan.networks.cppn_render`.

References:
    Ha, "Generating Large Images from Latent Vectors", 2016 (the network and its latents).
    "Generative Art with CPPN-GANs Part II", 2018 (tanh throughout, latents of 128).
    Stanley, "Compositional pattern producing networks", 2007.
"""

import keras
from keras import layers

from kerasgan.layers import CoordinateDense, CPUConv2D
from kerasgan.networks.fan_in_uniform import fan_in_uniform


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

    Returns:
        A model from latents `(batch, latent_dim)` to images
        `(batch, image_size, image_size, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A size, `depth` or `coordinate_scale` is not positive, or an activation is
            unknown.

    Example:
    >>> generator = cppn_generator(image_size=8, width=4)
    >>> generator(keras.random.normal((2, 128))).shape
    TensorShape([2, 8, 8, 1])
    """
    if depth < 1:
        raise ValueError(f"depth must be at least 1. Received: depth={depth}")

    latent = keras.Input((latent_dim,), name="latent")
    x = CoordinateDense(
        width,
        height=image_size,
        width=image_size,
        coordinate_scale=coordinate_scale,
        latent_scale=latent_scale,
        latent_initializer=_initializer(weight_stddev, latent_dim),
        coordinate_initializer=_initializer(weight_stddev, 1),
        bias_initializer=_initializer(weight_stddev, latent_dim),
    )(latent)
    # Its input is float32. To cast after it is more exact than before, and no slower.
    x = layers.Activation(first_activation, dtype="float32")(x)
    for _ in range(depth - 1):
        x = _dense(width, width, weight_stddev)(x)
        x = layers.Activation(activation)(x)
    x = _dense(channels, width, weight_stddev)(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latent, images, name="cppn_generator")


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
