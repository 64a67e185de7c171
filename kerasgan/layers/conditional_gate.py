"""The gated activation of conditional PixelCNN and WaveNet."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class ConditionalGate(keras.layers.Layer):
    """Halves the channels by a product of two activations that a condition shifts.

    `outputs = sigmoid(a + c) * tanh(b + d)`, where `a` and `b` are the features' two halves and
    `c` and `d` the condition's. The condition decides what passes at
    every level of a network, which the papers call global conditioning.

    GANGogh's code takes the even channels for `a` and `c` and the odd ones for `b` and `d`; here
    they are the first half and the second. That is the same function up to a permutation of the
    channels of the weights before it, which start out exchangeable. It is several times faster
    on a processor: halves lie together in memory, every other channel does not.

    Input: `[features, condition]`, `(batch, height, width, 2 * channels)` and a condition of the
    same shape, or of any that broadcasts to it, as `(batch, 1, 1, 2 * channels)` does. Output:
    `(batch, height, width, channels)` in (-1, 1), in the layer's compute dtype.

    Example:
    >>> features = keras.random.normal((2, 4, 4, 6))
    >>> condition = keras.random.normal((2, 1, 1, 6))
    >>> ConditionalGate()([features, condition]).shape
    TensorShape([2, 4, 4, 3])

    References:
        van den Oord et al., "Conditional Image Generation with PixelCNN Decoders", 2016,
        equation 4, https://arxiv.org/abs/1606.05328
        van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016, section 2.5,
        https://arxiv.org/abs/1609.03499
    """

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        features, condition = input_shape
        if features[-1] % 2 or condition[-1] != features[-1]:
            raise ValueError(
                "ConditionalGate takes features and a condition of one even number of channels. "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        features, condition = inputs
        # TensorFlow's sigmoid is three times as slow in bfloat16 as in float32.
        sums = tf.cast(features + condition, tf.float32)
        a_plus_c, b_plus_d = tf.split(sums, 2, axis=-1)
        return tf.cast(tf.sigmoid(a_plus_c) * tf.tanh(b_plus_d), features.dtype)

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        features, _ = input_shape
        return (*features[:-1], features[-1] // 2)
