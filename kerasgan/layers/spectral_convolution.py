"""Convolutions whose kernels are spectrally normalized."""

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.layers.cpu.cpu_convolution import conv2d
from kerasgan.layers.spectral_normalization import SpectralNormalization
from kerasgan.layers.up_convolution import checked_odd, up_convolution


class _SpectralConvolution(keras.layers.Layer):
    """A kernel `(k, k, in, out)`, kept in float32, and its normalization."""

    def __init__(self, filters: int, kernel_size: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.kernel_size = whole_number("kernel_size", kernel_size, least=1)
        self.spectral_normalization = SpectralNormalization(name="spectral_normalization")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.kernel_size, self.kernel_size, input_shape[-1], self.filters)
        # Not autocast: the normalization is computed in float32 under every dtype policy.
        self.kernel = self.add_weight(
            name="kernel",
            shape=shape,
            initializer=keras.initializers.RandomNormal(stddev=0.02),
            autocast=False,
        )
        self.spectral_normalization.build(shape)

    def normalized_kernel(self, training: bool) -> tf.Tensor:
        """Returns the kernel that the convolution uses, in the layer's compute dtype."""
        kernel = self.spectral_normalization(self.kernel.value, training=training)
        return tf.cast(kernel, self.compute_dtype)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
        }


@keras.saving.register_keras_serializable("kerasgan")
class SpectralConv2D(_SpectralConvolution):
    """A convolution without bias, its kernel spectrally normalized.

    Unlike `keras.layers.SpectralNormalization` around `keras.layers.Conv2D` it leaves the kernel
    itself alone and its gradient includes that of sigma; see `SpectralNormalization`.

    Input: `(batch, height, width, channels)`. Output: `(batch, new height, new width, filters)`.

    Args:
        filters: Output channels.
        kernel_size: Side of the kernel.
        strides: Step of the windows along both axes.
        padding: `"same"` or `"valid"`.

    Example:
    >>> SpectralConv2D(16, 4, strides=2)(keras.random.normal((2, 32, 32, 3))).shape
    TensorShape([2, 16, 16, 16])
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: str = "same",
        **kwargs,
    ) -> None:
        super().__init__(filters, kernel_size, **kwargs)
        if padding not in ("same", "valid"):
            raise ValueError(f'padding must be "same" or "valid". Received: padding={padding!r}')
        self.strides = whole_number("strides", strides, least=1)
        self.padding = padding

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        kernel = self.normalized_kernel(training)
        return conv2d(inputs, kernel, strides=self.strides, padding=self.padding)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, *sides, _ = input_shape
        lost = self.kernel_size - 1 if self.padding == "valid" else 0
        return (
            batch,
            *(side and -(-(side - lost) // self.strides) for side in sides),
            self.filters,
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "strides": self.strides, "padding": self.padding}


@keras.saving.register_keras_serializable("kerasgan")
class SpectralUpConv2D(_SpectralConvolution):
    """Nearest-neighbour upsampling by two and a "same" convolution, spectrally normalized.

    `UpConv2D`, but that the kernel of the convolution is normalized, and without bias.

    Input: `(batch, height, width, channels)` of known sides. Output:
    `(batch, 2 height, 2 width, filters)`.

    Args:
        filters: Output channels.
        kernel_size: Side of the kernel, odd.

    Example:
    >>> SpectralUpConv2D(16)(keras.random.normal((2, 8, 8, 32))).shape
    TensorShape([2, 16, 16, 16])
    """

    def __init__(self, filters: int, kernel_size: int = 3, **kwargs) -> None:
        super().__init__(filters, kernel_size, **kwargs)
        checked_odd(kernel_size)

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        return up_convolution(inputs, self.normalized_kernel(training))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return (batch, 2 * height, 2 * width, self.filters)
