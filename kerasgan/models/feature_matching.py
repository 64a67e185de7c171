"""Feature matching."""

import tensorflow as tf


def feature_matching_loss(real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Returns ||E_x[f(x)] - E_z[f(G(z))]||^2, a float32 scalar.

    Args:
        real: The discriminator's features of reals, `(batch, n)`.
        fake: Those of fakes, `(batch, n)`.

    Reference:
        Salimans et al., "Improved Techniques for Training GANs", 2016,
        https://arxiv.org/abs/1606.03498, section 3.1.
    """
    difference = tf.reduce_mean(tf.cast(real, tf.float32), 0) - tf.reduce_mean(
        tf.cast(fake, tf.float32), 0
    )
    return tf.reduce_sum(tf.square(difference))
