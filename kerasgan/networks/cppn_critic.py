"""The critics of "Generative Art with CPPN-GANs Part II"."""

import keras
from keras import layers

from kerasgan.layers import CPUConv2D, FastLeakyReLU
from kerasgan.networks.fan_in_uniform import fan_in_uniform


def cppn_critic(
    *,
    image_size: int = 28,
    channels: int = 1,
    base_width: int = 64,
    kernel_size: int = 5,
    leak: float = 0.0,
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
    biases start uniform in +-1/sqrt(fan-in). Nothing is normalized: the gradient penalty is a
    matter of each image by itself.

    The defaults are the critic of MNIST. That of CIFAR-10 has `image_size=32, channels=3,
    base_width=128, kernel_size=3, leak=0.01`.

    Args:
        image_size: Side of the images, at least 5.
        channels: Channels of the images.
        base_width: Channels of the first convolution.
        kernel_size: Side of the kernels, at least 2.
        leak: Slope of the activations below zero; 0 is ReLU.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` to scores `(batch, 1)`,
        float32, unbounded.

    Raises:
        ValueError: `image_size` or `kernel_size` is too small.

    Example:
    >>> critic = cppn_critic(base_width=2)
    >>> critic(keras.random.uniform((2, 28, 28, 1))).shape
    TensorShape([2, 1])
    """
    if image_size < 5:
        raise ValueError(f"image_size must be at least 5. Received: image_size={image_size}")
    if kernel_size < 2:
        raise ValueError(f"kernel_size must be at least 2. Received: kernel_size={kernel_size}")

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
