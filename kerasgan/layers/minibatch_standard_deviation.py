"""The minibatch standard deviation of progressively grown GANs."""

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.distribution.replicas import global_batch, own_part, replica_count, section_count


@keras.saving.register_keras_serializable("kerasgan")
class MinibatchStandardDeviation(keras.layers.Layer):
    """Appends one feature map that says how much the images of a group differ.

    The standard deviation over a group of images is computed for each feature at each place; the
    mean of these, one number for the group, fills the map. It tells a discriminator, which
    otherwise sees each image alone, when a generator draws the same picture again and again.

    Groups are consecutive images. A batch that `group_size` does not divide is cut into groups
    of the largest smaller size that does, so the layer takes any batch; a group of one image has
    a deviation near 0. Of a model with `joint_batches` no group has both reals and fakes.

    Input: `(batch, height, width, channels)`. Output: `(batch, height, width, channels + 1)`, in
    the layer's compute dtype; the statistics are computed in float32.

    Args:
        group_size: Positive int, the number of images compared with each other.

    Example:
    >>> MinibatchStandardDeviation(group_size=4)(keras.random.normal((8, 4, 4, 16))).shape
    TensorShape([8, 4, 4, 17])

    Reference:
        Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and
        Variation", 2018, section 3, https://arxiv.org/abs/1710.10196
    """

    # Inside the root: its gradient, and the gradient of that, stay finite for equal images.
    _epsilon = 1e-8

    def __init__(self, group_size: int = 4, **kwargs) -> None:
        super().__init__(**kwargs)
        self.group_size = whole_number("group_size", group_size, least=1)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) != 4:
            raise ValueError(
                "MinibatchStandardDeviation takes (batch, height, width, channels). "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        if self._groups_lie_within_replicas(inputs.shape[0]):
            maps = self._maps(inputs)
        else:
            maps = own_part(self._maps(global_batch(tf.cast(inputs, tf.float32))))
        return tf.concat([inputs, tf.cast(maps, inputs.dtype)], axis=-1)

    def _groups_lie_within_replicas(self, batch: int | None) -> bool:
        """Returns whether no group of the global batch has images of several replicas."""
        if (replicas := replica_count()) == 1:
            return True
        if batch is None:
            return False
        part = batch // section_count()
        size = max(n for n in range(1, self.group_size + 1) if part * replicas % n == 0)
        return part % size == 0

    def _maps(self, inputs: tf.Tensor) -> tf.Tensor:
        batch, height, width, channels = tf.unstack(tf.shape(inputs))
        sizes = tf.range(1, self.group_size + 1)
        size = tf.reduce_max(tf.where(batch // section_count() % sizes == 0, sizes, 1))

        groups = tf.reshape(tf.cast(inputs, tf.float32), [-1, size, height, width, channels])
        variances = tf.math.reduce_variance(groups, axis=1)
        deviations = tf.sqrt(variances + self._epsilon)
        means = tf.reduce_mean(deviations, axis=(1, 2, 3))

        maps = tf.repeat(means, size)[:, tf.newaxis, tf.newaxis, tf.newaxis]
        return tf.broadcast_to(maps, [batch, height, width, 1])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "group_size": self.group_size}
