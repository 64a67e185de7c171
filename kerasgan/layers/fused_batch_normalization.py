"""Batch normalization over TensorFlow's fused kernel."""

import keras
import tensorflow as tf

from kerasgan.distribution.replicas import batch_sections, global_batch, replica_count


@keras.saving.register_keras_serializable("kerasgan")
class FusedBatchNormalization(keras.layers.Layer):
    """Batch normalization computed by one fused kernel, forward and backward.

    The same function as `keras.layers.BatchNormalization` over the last axis:
    `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, with the batch's statistics in training
    and the moving ones otherwise. Keras composes it from a dozen operations; the fused kernel
    reads the activations once, and keeps the statistics in float32 when they are bfloat16.

    Unlike the `fused` wrappers of TensorFlow it takes any positive epsilon. That matters for a
    critic whose weights are clipped to a small interval: its activations have variances around
    1e-6, which the customary 1e-3 would drown.

    On several replicas of a `tf.distribute` strategy the statistics are those of the global batch,
    and the layer is composed as Keras's is.

    Input and output: `(batch, features)` or `(batch, height, width, channels)`, float32, bfloat16
    or float16.

    Args:
        momentum: Float in [0, 1). The share of the old value that the moving statistics keep at
            each training step.
        epsilon: Positive float added to the variance.
        gamma_initializer: Initializer of gamma.

    Example:
    >>> layer = FusedBatchNormalization(momentum=0.8)
    >>> layer(keras.random.normal((32, 16, 16, 8)), training=True).shape
    TensorShape([32, 16, 16, 8])

    Reference:
        Ioffe and Szegedy, "Batch Normalization", 2015, https://arxiv.org/abs/1502.03167
    """

    def __init__(
        self,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        gamma_initializer: str | keras.initializers.Initializer = "ones",
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        if not 0.0 <= momentum < 1.0:
            raise ValueError(f"momentum must be in [0, 1). Received: momentum={momentum}")
        if not epsilon > 0.0:
            raise ValueError(f"epsilon must be positive. Received: epsilon={epsilon}")
        self.momentum = momentum
        self.epsilon = epsilon
        self.gamma_initializer = keras.initializers.get(gamma_initializer)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) not in (2, 4):
            raise ValueError(
                "FusedBatchNormalization takes (batch, features) or "
                f"(batch, height, width, channels). Received: input_shape={input_shape}"
            )
        # Statistics and parameters stay float32 under every dtype policy.
        options = {"shape": (input_shape[-1],), "dtype": "float32", "autocast": False}
        self.gamma = self.add_weight(name="gamma", initializer=self.gamma_initializer, **options)
        self.beta = self.add_weight(name="beta", initializer="zeros", **options)
        moving = {**options, "trainable": False}
        self.moving_mean = self.add_weight(name="moving_mean", initializer="zeros", **moving)
        self.moving_variance = self.add_weight(name="moving_variance", initializer="ones", **moving)

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        training = bool(training) and self.trainable
        inputs = tf.convert_to_tensor(inputs)
        is_flat = inputs.shape.rank == 2
        images = inputs[:, tf.newaxis, tf.newaxis, :] if is_flat else inputs
        if training and replica_count() > 1:
            outputs = self._normalized_over_replicas(images)
            return outputs[:, 0, 0, :] if is_flat else outputs
        empty = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=images,
            scale=self.gamma.value,
            offset=self.beta.value,
            mean=empty if training else self.moving_mean.value,
            variance=empty if training else self.moving_variance.value,
            epsilon=self.epsilon,
            is_training=training,
        )
        if training:
            self._update_moving_statistics(images, mean, variance)
        return outputs[:, 0, 0, :] if is_flat else outputs

    def _update_moving_statistics(
        self, images: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor
    ) -> None:
        # The kernel reports the unbiased variance; Keras keeps the biased one.
        count = tf.cast(tf.reduce_prod(tf.shape(images)[:-1]), tf.float32)
        self._move_statistics(mean, variance * (count - 1.0) / count)

    def _normalized_over_replicas(self, images: tf.Tensor) -> tf.Tensor:
        values = tf.cast(images, tf.float32)
        # Exact also where means are large beside deviations, unlike a mean of squares.
        mean = tf.reduce_mean(values, axis=[0, 1, 2])
        moments = tf.stack([mean, tf.reduce_mean(tf.square(values - mean), axis=[0, 1, 2])])
        with batch_sections(1):
            means, variances = tf.unstack(global_batch(moments[tf.newaxis]), axis=1)
        mean = tf.reduce_mean(means, axis=0)
        variance = tf.reduce_mean(variances + tf.square(means - mean), axis=0)
        self._move_statistics(mean, variance)
        outputs = tf.nn.batch_normalization(
            values, mean, variance, self.beta.value, self.gamma.value, self.epsilon
        )
        return tf.cast(outputs, images.dtype)

    def _move_statistics(self, mean: tf.Tensor, variance: tf.Tensor) -> None:
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + batch * (1.0 - self.momentum))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
        }
