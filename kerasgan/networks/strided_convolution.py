"""Convolutions that halve a map's side, transposed ones that double it, and how often they do.

With odd kernels, "same" padding of stride 2 is odd too, and TensorFlow puts the larger part after
the map. So every such layer shifts the picture by half of one of its pixels, and over a network
the shifts add up to half a place of the smallest map. If the layer next to the smallest map puts
the larger part before the map instead, everything is centred again.

Padding before a map is the same as padding after the map turned by 180 degrees. Turning the larger
of a layer's two maps costs next to nothing, whereas explicit padding costs a quarter of a training
step. The smaller map stays turned, which does no harm: what follows it is learned, or averages it.

A stride of 2 cannot tell stripes two places wide from an even ground (aliasing), and its gradient
draws such stripes. Means of 2x2 places have none (after Zhang, "Making Convolutional Networks
Shift-Invariant Again", 2019, https://arxiv.org/abs/1904.11486). They lie half a place after the
map, and are centred over a network as the padding is.

A transposed convolution draws a checkerboard wherever its windows overlap unevenly. The other way
of doubling a side, nearest-neighbour upsampling and a convolution with an odd kernel, draws none,
and is centred as it is.
"""

from keras import KerasTensor, layers

from kerasgan.argument_checks import check_choice, whole_number
from kerasgan.layers import CPUConv2D, CPUConv2DTranspose, HalfTurn, UpConv2D

UPSAMPLINGS = ("transposed", "nearest")

IMAGE_SIZES = (32, 64, 128, 256)
"""The sides of images that most networks are built for."""


def downsample(
    x: KerasTensor,
    width: int,
    kernel_size: int,
    *,
    other_side: bool = False,
    blur: bool = False,
    **options: object,
) -> KerasTensor:
    """Returns `x`, of an even side, convolved with stride 2 into `width` channels.

    With `blur` the convolution sees means of 2x2 places. With `other_side` the larger part of the
    padding lies before the map, and the result is turned by 180 degrees. `options` go to the layer.
    """
    if other_side:
        x = HalfTurn()(x)
    if blur:
        x = layers.AveragePooling2D(2, strides=1, padding="same")(x)
    return CPUConv2D(width, kernel_size, strides=2, padding="same", **options)(x)


def upsample(
    x: KerasTensor,
    width: int,
    kernel_size: int,
    *,
    upsampling: str = "transposed",
    other_side: bool = False,
    **options: object,
) -> KerasTensor:
    """Returns `x` at twice its side, convolved into `width` channels.

    `upsampling` is `"transposed"`, a transposed convolution of stride 2, or `"nearest"`, a
    `UpConv2D`. With `other_side`, the `x` of a transposed convolution must be turned by 180
    degrees, and the larger part of the padding lies before the map. `options` go to the layer.
    """
    if upsampling == "nearest":
        return UpConv2D(width, kernel_size, **options)(x)
    x = CPUConv2DTranspose(width, kernel_size, strides=2, padding="same", **options)(x)
    return HalfTurn()(x) if other_side else x


def doublings(image_size: int, *, smallest: int, sizes: tuple[int, ...] = IMAGE_SIZES) -> int:
    """Returns how often `smallest` is doubled to reach `image_size`.

    Raises:
        ValueError: `image_size` is not one of `sizes`.
    """
    check_choice(sizes, image_size=whole_number("image_size", image_size))
    return (image_size // smallest).bit_length() - 1
