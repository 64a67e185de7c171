"""A critic of small pictures that grows into one of large pictures.

At each size the critic is the plain one of that size, `cppn_critic`. A larger size puts a new first
convolution before the others; while it is faded in, the first convolution of the smaller size still
sees the picture at half its side.

    64x64   entry_64 -> block_32 --+
              |                    +-- fade_64 -> block_16 -> block_8 -> features -> scores
            halved -> entry_32 ----+

Reference:
    Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
    2018, section 2, https://arxiv.org/abs/1710.10196
"""

import re
from collections.abc import Callable
from itertools import pairwise

import keras
from keras import KerasTensor, layers

from kerasgan.argument_checks import check_between, check_sizes, whole_number
from kerasgan.layers import CPUConv2D, FadeIn, FastLeakyReLU
from kerasgan.networks.cppn import fan_in_uniform

_SMALLEST = 8


def growing_cppn_critic(
    *,
    image_size: int = 64,
    smallest: int = 16,
    channels: int = 1,
    base_width: int = 64,
    kernel_size: int = 5,
    leak: float = 0.0,
) -> keras.Model:
    """Builds the critic of all sizes, each of which has the layers of `cppn_critic`.

    | layer | output, at 64x64 | activation |
    |---|---|---|
    | image | 64x64x1 | |
    | `entry_64`, convolution, stride 2 | 32x32x64 | ReLU |
    | `block_32`, convolution, stride 2 | 16x16x128 | ReLU |
    | `fade_64` with `entry_32` of the image at half its side | 16x16x128 | ReLU |
    | `block_16`, convolution, stride 2 | 8x8x256 | ReLU |
    | `fade_32` with `entry_16` of the image at a quarter of its side | 8x8x256 | ReLU |
    | `block_8`, convolution, stride 2, flattened | 4x4x512 = 8192 | ReLU |
    | dense | 1 | none |

    Nothing of a finer size is faded in at first: the critic then judges images by what they are at
    the smallest size. Once all is, it is the plain critic of `image_size`.

    Args:
        image_size: Side of the largest images, a power of two.
        smallest: Side of the smallest images, a power of two from 8 to half of `image_size`.
        channels: Channels of the images.
        base_width: Channels of the first convolution at the largest size; each one after it has
            twice as many.
        kernel_size: Side of the kernels, at least 2.
        leak: Slope of the activations below zero; 0 is ReLU.

    Returns:
        A model from images `(batch, image_size, image_size, channels)` to scores `(batch, 1)`,
        float32, unbounded. `critic_at` takes the critic of a smaller size out of it.

    Raises:
        ValueError: A size is below 1, `kernel_size` is below 2, or `smallest` and `image_size` are
            not two powers of two, from 8, the smaller one first.

    Example:
    >>> critic = growing_cppn_critic(image_size=32, smallest=16, base_width=2)
    >>> critic_at(critic, 16).input_shape
    (None, 16, 16, 1)
    """
    check_sizes(image_size=image_size, smallest=smallest, channels=channels, base_width=base_width)
    whole_number("kernel_size", kernel_size, least=2)
    check_between(0.0, 1.0, "[)", leak=leak)
    if smallest < _SMALLEST or image_size <= smallest or {image_size, smallest} - _POWERS:
        raise ValueError(
            "smallest and image_size must be powers of two, from 8, smallest the smaller one. "
            f"Received: smallest={smallest}, image_size={image_size}"
        )

    def convolution(name: str, inputs: int, width: int) -> keras.layers.Layer:
        fan_in = kernel_size**2 * inputs
        return CPUConv2D(
            width,
            kernel_size,
            strides=2,
            kernel_initializer=fan_in_uniform(fan_in),
            bias_initializer=fan_in_uniform(fan_in),
            name=name,
        )

    made: dict[str, keras.layers.Layer] = {
        "padding": layers.ZeroPadding2D((kernel_size - 1) // 2, name="padding"),
        "activation": FastLeakyReLU(leak, name="activation"),
        "halved": layers.AveragePooling2D(2, dtype="float32", name="halved"),
        "features": layers.Flatten(name="features"),
    }
    side, width = image_size, base_width
    while side > 4:
        if side >= smallest:
            made[f"entry_{side}"] = convolution(f"entry_{side}", channels, width)
        if side > smallest:
            made[f"fade_{side}"] = FadeIn(name=f"fade_{side}")
        if side < image_size:
            made[f"block_{side}"] = convolution(f"block_{side}", width // 2, width)
        side, width = side // 2, 2 * width
    features = side**2 * (width // 2)
    made["scores"] = layers.Dense(
        1,
        kernel_initializer=fan_in_uniform(features),
        bias_initializer=fan_in_uniform(features),
        dtype="float32",
        name="scores",
    )
    images = keras.Input((image_size, image_size, channels), name="images")
    sizes = _sizes(image_size, smallest)
    scores = _judged(made.__getitem__, images, sizes, fades=sizes[:-1])
    return keras.Model(images, scores, name="growing_cppn_critic")


def critic_at(critic: keras.Model, size: int) -> keras.Model:
    """Returns the critic of images of a smaller size, which shares its weights.

    It still fades in the layer of its own size; those of smaller sizes it has in full.

    Args:
        critic: A model of `growing_cppn_critic`.
        size: One of `critic_sizes`.

    Returns:
        A model from images `(batch, size, size, channels)` to scores `(batch, 1)`.
    """
    images = keras.Input((size, size, critic.inputs[0].shape[-1]), name="images")
    sizes = _sizes(size, critic_sizes(critic)[0])
    scores = _judged(critic.get_layer, images, sizes, fades=sizes[:-1][:1])
    return keras.Model(images, scores, name=f"{critic.name}_{size}")


def critic_sizes(critic: keras.Model) -> list[int]:
    """Returns the sides of the images that a growing critic knows, the smallest first; or none."""
    entries = [re.fullmatch(r"entry_([1-9][0-9]*)", layer.name) for layer in critic.layers]
    return sorted(int(entry[1]) for entry in entries if entry)


def _judged(
    layer: Callable[[str], keras.layers.Layer],
    images: KerasTensor,
    sizes: list[int],
    *,
    fades: list[int],
) -> KerasTensor:
    """Returns the scores of images of side `sizes[0]`.

    Args:
        layer: Gives the layer of a name.
        images: The images.
        sizes: Their side and all smaller ones, down to the smallest of the critic.
        fades: The sizes of these whose layers are faded in.
    """

    def convolved(name: str, x: KerasTensor) -> KerasTensor:
        return layer("activation")(layer(name)(layer("padding")(x)))

    x = convolved(f"entry_{sizes[0]}", images)
    for finer, size in pairwise(sizes):
        x, images = convolved(f"block_{size}", x), layer("halved")(images)
        if finer in fades:
            x = layer(f"fade_{finer}")([x, convolved(f"entry_{size}", images)])
    for size in _sizes(sizes[-1], _SMALLEST)[1:]:
        x = convolved(f"block_{size}", x)
    return layer("scores")(layer("features")(x))


def _sizes(largest: int, smallest: int) -> list[int]:
    """Returns the powers of two from the largest to the smallest."""
    return [2**power for power in range(30, 0, -1) if smallest <= 2**power <= largest]


_POWERS = {*_sizes(4096, _SMALLEST)}
