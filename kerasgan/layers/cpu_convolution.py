"""Convolutions that are quick on a processor.

Where maps of few places have many channels, a convolution's work is nearly all in its kernel, and
the library that TensorFlow calls on a processor is slow at it: the kernel's gradient, from maps of
8x8x256 to maps of 4x4x512, takes five times as long as the same sum as one matrix product.
"""

import keras
import tensorflow as tf

from kerasgan.layers.matmul_convolution import Windows, convolution, transposed_convolution

_SMALL_SIDE = 8
_TENSORFLOW_FORMATS = {"channels_last": "NHWC", "channels_first": "NCHW"}


@keras.saving.register_keras_serializable("kerasgan")
class CPUConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`, on a processor as a matrix product where its outputs are small maps.

    Takes the same arguments and gives the same outputs and derivatives, of any order, up to
    rounding. Small are maps of at most 8x8. Others, and all where there is a GPU, are Keras's.
    """

    def convolution_op(self, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        windows = _windows(self, inputs.shape[1:3])
        if windows is None or self.groups != 1:
            return super().convolution_op(inputs, kernel)
        return convolution(inputs, tf.convert_to_tensor(kernel), *windows)


@keras.saving.register_keras_serializable("kerasgan")
class CPUConv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, on a processor as a matrix product of small maps.

    Takes the same arguments and gives the same outputs and derivatives, of any order, up to
    rounding. Small are inputs of at most 8x8. Others, and all where there is a GPU, are Keras's.
    The bias of a large map of few channels, as of an image, is several times quicker at any size.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        size = self.compute_output_shape(inputs.shape)[1:3]
        windows = None if self.output_padding is not None else _windows(self, size)
        if windows is None:
            outputs = self._keras_outputs(inputs)
        else:
            outputs = transposed_convolution(inputs, tf.convert_to_tensor(self.kernel), *windows)
        if self.use_bias:
            outputs = self._biased(outputs)
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

    def _biased(self, outputs: tf.Tensor) -> tf.Tensor:
        bias = tf.convert_to_tensor(self.bias)
        _, height, width, channels = outputs.shape
        if self.data_format != "channels_last" or None in (height, width):
            return tf.nn.bias_add(outputs, bias, _TENSORFLOW_FORMATS[self.data_format])
        # To walk over whole lines of pixels is several times quicker than over three channels.
        lines = tf.reshape(outputs, [-1, height, width * channels]) + tf.tile(bias, [width])
        return tf.reshape(lines, [-1, height, width, channels])


def _windows(
    layer: keras.layers.Layer, size: tuple[int | None, int | None]
) -> tuple[Windows, Windows] | None:
    """Returns the windows over the larger maps of a layer, or `None` where Keras's way is best."""
    is_plain = layer.data_format == "channels_last" and tuple(layer.dilation_rate) == (1, 1)
    if not is_plain or None in size or tf.config.get_visible_devices("GPU"):
        return None
    rows, columns = (
        Windows.along(*numbers, layer.padding)
        for numbers in zip(size, layer.kernel_size, layer.strides, strict=True)
    )
    return (rows, columns) if max(rows.count, columns.count) <= _SMALL_SIDE else None
