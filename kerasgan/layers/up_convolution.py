"""Nearest-neighbour upsampling and a convolution, as one step."""

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.layers.cpu.bias import add_bias
from kerasgan.layers.cpu.cpu_convolution import conv2d, conv2d_transpose

# Below this side TensorFlow's transposed convolution is slower than the plain one of the
# upsampled map; from it on it is up to twice as fast.
_SMALLEST_TRANSPOSED = 16


@keras.saving.register_keras_serializable("kerasgan")
class UpConv2D(keras.layers.Layer):
    """Nearest-neighbour upsampling by two and a "same" convolution.

    Every output sees equally many inputs, so there is no checkerboard, as there is after a
    transposed convolution (Odena et al., "Deconvolution and Checkerboard Artifacts", 2016,
    https://distill.pub/2016/deconv-checkerboard). See `up_convolution` for what it costs.

    Input: `(batch, height, width, channels)` of known sides. Output:
    `(batch, 2 height, 2 width, filters)`.

    Args:
        filters: Output channels.
        kernel_size: Side of the kernel, odd.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel `(k, k, in, out)`.

    Example:
    >>> UpConv2D(16)(keras.random.normal((2, 8, 8, 32))).shape
    TensorShape([2, 16, 16, 16])
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        *,
        use_bias: bool = True,
        kernel_initializer: keras.initializers.Initializer | str = "glorot_uniform",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.kernel_size = checked_odd(kernel_size)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.kernel_size, self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(
            name="kernel", shape=shape, initializer=self.kernel_initializer
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        outputs = up_convolution(inputs, tf.convert_to_tensor(self.kernel))
        return add_bias(outputs, tf.convert_to_tensor(self.bias)) if self.use_bias else outputs

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return (batch, 2 * height, 2 * width, self.filters)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


def up_convolution(inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
    """Upsamples maps by nearest neighbours and convolves them with padding "same".

    Both steps together are one transposed convolution of stride 2, whose kernel is the full
    convolution of the flipped kernel with 2x2 ones. It has (k + 1)^2 / (4 k^2) of the
    multiplications, 16 for 36 of a 3x3 kernel.

    Args:
        inputs: Maps `(batch, height, width, in)` of known sides.
        kernel: Kernel `(k, k, in, out)` of the same dtype, of an odd side.

    Returns:
        Maps `(batch, 2 height, 2 width, out)`.
    """
    if min(inputs.shape[1:3]) < _SMALLEST_TRANSPOSED:
        return conv2d(_upsampled(inputs), kernel, strides=1, padding="same")
    return conv2d_transpose(inputs, _doubling_kernel(kernel), strides=2, padding="same")


def checked_odd(kernel_size: int) -> int:
    """Returns the side of a kernel; raises ValueError for one that has no middle."""
    side = whole_number("kernel_size", kernel_size, least=1)
    if side % 2 == 0:
        raise ValueError(f"kernel_size must be an odd number. Received: kernel_size={side}")
    return side


def _upsampled(maps: tf.Tensor) -> tf.Tensor:
    _, height, width, channels = maps.shape
    batch = tf.shape(maps)[0]
    repeated = tf.broadcast_to(maps[:, :, None, :, None, :], [batch, height, 2, width, 2, channels])
    return tf.reshape(repeated, [-1, 2 * height, 2 * width, channels])


def _doubling_kernel(kernel: tf.Tensor) -> tf.Tensor:
    """Returns the kernel `(k + 1, k + 1, out, in)` of the transposed convolution."""
    padded = tf.pad(tf.reverse(kernel, [0, 1]), [[1, 1], [1, 1], [0, 0], [0, 0]])
    rows = padded[:-1] + padded[1:]
    return tf.transpose(rows[:, :-1] + rows[:, 1:], [0, 1, 3, 2])
