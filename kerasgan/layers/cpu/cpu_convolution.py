"""Convolutions that are fast, and correct in 16-bit numbers, on a processor.

The library that TensorFlow calls on a processor is slow at two kinds of convolution. The first is
between small maps of many channels in 16-bit numbers: the gradient of the kernel from maps of
8x8x256 to maps of 4x4x512 takes ten times as long as the same sum written as one matrix product.
The second is into images, whose three channels leave most of the processor's lanes empty. Besides,
the gradient of a bias that Keras adds is wrong in 16-bit numbers; see `kerasgan.layers.cpu.bias`.
"""

import keras
import tensorflow as tf

from kerasgan.layers.cpu import image_convolution
from kerasgan.layers.cpu.bias import add_bias
from kerasgan.layers.cpu.small_map_convolution import convolution, transposed_convolution
from kerasgan.layers.cpu.windows import Windows

_SMALL_SIDE = 8


@keras.saving.register_keras_serializable("kerasgan")
class CPUConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`, faster on a processor where its outputs are small maps.

    It takes the same arguments and gives the same outputs and derivatives, of any order, up to
    rounding. Maps are small if they have at most 8x8 places, in bfloat16 or float16. All other
    convolutions, and all of them on a machine with a GPU, are Keras's own, except that the
    gradient of the bias of channels-last maps is correct in 16-bit numbers.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        if self.data_format != "channels_last":
            return super().call(inputs)
        return self.activation(_biased(self, self.convolution_op(inputs, self.kernel)))

    def convolution_op(self, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        is_last = self.data_format == "channels_last"
        windows = _windows(self, inputs.shape[1:3]) if is_last and self.groups == 1 else None
        if windows and _are_small(inputs, *windows):
            return convolution(inputs, tf.convert_to_tensor(kernel), *windows)
        return super().convolution_op(inputs, kernel)


@keras.saving.register_keras_serializable("kerasgan")
class CPUConv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on a processor for small maps and for images.

    It takes the same arguments and gives the same outputs and derivatives, of any order, up to
    rounding. Inputs are small if they have at most 8x8 places, in bfloat16 or float16. Outputs are
    images if they have few channels (at most four for a stride of 2) and their sides are those of
    the input times the stride. All other convolutions, and all of them on a machine with a GPU, are
    Keras's own, except that the gradient of the bias of channels-last maps is correct in 16-bit
    numbers.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        if self.data_format != "channels_last":
            return super().call(inputs)
        size = self.compute_output_shape(inputs.shape)[1:3]
        windows = None if self.output_padding is not None else _windows(self, size)
        kernel = tf.convert_to_tensor(self.kernel)
        if windows and image_convolution.suits(self.filters, *windows):
            bias = tf.convert_to_tensor(self.bias) if self.use_bias else None
            outputs = image_convolution.convolution_into_image(inputs, kernel, bias, *windows)
        elif windows and _are_small(inputs, *windows):
            outputs = _biased(self, transposed_convolution(inputs, kernel, *windows))
        else:
            outputs = _biased(self, self._keras_outputs(inputs))
        return self.activation(outputs)

    def _keras_outputs(self, inputs: tf.Tensor) -> tf.Tensor:
        return keras.ops.conv_transpose(
            inputs,
            self.kernel,
            strides=self.strides,
            padding=self.padding,
            output_padding=self.output_padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )


def _biased(layer: keras.layers.Layer, outputs: tf.Tensor) -> tf.Tensor:
    return add_bias(outputs, tf.convert_to_tensor(layer.bias)) if layer.use_bias else outputs


def _windows(
    layer: keras.layers.Layer, size: tuple[int | None, int | None]
) -> tuple[Windows, Windows] | None:
    """Returns the windows over the larger maps of a layer, or `None` where it is left to Keras."""
    if tuple(layer.dilation_rate) != (1, 1) or None in size or tf.config.get_visible_devices("GPU"):
        return None
    return tuple(
        Windows.along(*numbers, layer.padding)
        for numbers in zip(size, layer.kernel_size, layer.strides, strict=True)
    )


def _are_small(maps: tf.Tensor, rows: Windows, columns: Windows) -> bool:
    return maps.dtype.size == 2 and max(rows.count, columns.count) <= _SMALL_SIDE


def conv2d(inputs: tf.Tensor, kernel: tf.Tensor, *, strides: int, padding: str) -> tf.Tensor:
    """Convolves maps as `CPUConv2D` does, with a kernel `(k, k, in, out)` of their dtype."""
    windows = _square_windows(inputs.shape[1:3], kernel, strides, padding)
    if windows and _are_small(inputs, *windows):
        return convolution(inputs, kernel, *windows)
    return tf.nn.conv2d(inputs, kernel, strides, padding.upper())


def conv2d_transpose(
    inputs: tf.Tensor, kernel: tf.Tensor, *, strides: int, padding: str
) -> tf.Tensor:
    """Transposes a convolution as `CPUConv2DTranspose` does, with a kernel `(k, k, out, in)`.

    The sides of the outputs are those of the inputs times the stride, as for padding `"same"`.
    """
    height, width = (side * strides for side in inputs.shape[1:3])
    windows = _square_windows((height, width), kernel, strides, padding)
    if windows and image_convolution.suits(kernel.shape[2], *windows):
        return image_convolution.convolution_into_image(inputs, kernel, None, *windows)
    if windows and _are_small(inputs, *windows):
        return transposed_convolution(inputs, kernel, *windows)
    shape = [tf.shape(inputs)[0], height, width, kernel.shape[2]]
    return tf.nn.conv2d_transpose(inputs, kernel, shape, strides, padding.upper())


def _square_windows(
    size: tuple[int | None, int | None], kernel: tf.Tensor, strides: int, padding: str
) -> tuple[Windows, Windows] | None:
    if None in size or tf.config.get_visible_devices("GPU"):
        return None
    return tuple(Windows.along(side, kernel.shape[0], strides, padding) for side in size)
