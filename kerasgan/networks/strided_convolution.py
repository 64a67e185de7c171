"""Convolutions that halve a map's side, and transposed ones that double it.

With odd kernels, "same" padding of stride 2 is odd too, and TensorFlow lays the larger part after
the map. Every such layer shifts the picture by half of one of its pixels, and over a network that
adds up to half a place of the smallest map. A network that lays the larger part before it once,
at its smallest map, brings all back to the centre.
"""

from keras import KerasTensor, layers


def halve(
    x: KerasTensor, width: int, kernel_size: int, *, other_side: bool = False, **options: object
) -> KerasTensor:
    """Returns `x`, of an even side, convolved with stride 2 into `width` channels.

    With `other_side` the larger part of the padding lies before the map. `options` go to the
    layer.
    """
    if other_side:
        before, after = _same_padding(kernel_size)
        x = layers.ZeroPadding2D(((after, before), (after, before)))(x)
    padding = "valid" if other_side else "same"
    return layers.Conv2D(width, kernel_size, strides=2, padding=padding, **options)(x)


def double(
    x: KerasTensor, width: int, kernel_size: int, *, other_side: bool = False, **options: object
) -> KerasTensor:
    """Returns the transposed convolution of `x` with stride 2 into `width` channels.

    With `other_side` the larger part of the padding lies before the map. `options` go to the
    layer.
    """
    padding = "valid" if other_side else "same"
    x = layers.Conv2DTranspose(width, kernel_size, strides=2, padding=padding, **options)(x)
    if other_side:
        before, after = _same_padding(kernel_size)
        x = layers.Cropping2D(((after, before), (after, before)))(x)
    return x


def _same_padding(kernel_size: int) -> tuple[int, int]:
    total = max(kernel_size - 2, 0)
    return total // 2, total - total // 2
