"""Terms that several objectives add to their losses.

With several label sets, such as genre and style, the terms of classes add up over the sets.
"""

import keras
import tensorflow as tf

from kerasgan.distribution import replicas
from kerasgan.models.base.batches import DiscriminatorOutput, mean_scores


def hinge_loss(real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
    """Returns E_x[max(0, 1 - D(x))] + E_z[max(0, 1 + D(G(z)))], a scalar.

    Args:
        real: The discriminator's outputs for reals.
        fake: Its outputs for fakes.

    Reference:
        Lim and Ye, "Geometric GAN", 2017, https://arxiv.org/abs/1705.02894.
    """
    real_loss = tf.reduce_mean(tf.nn.relu(1.0 - real.scores))
    fake_loss = tf.reduce_mean(tf.nn.relu(1.0 + fake.scores))
    return real_loss + fake_loss


def class_loss(output: DiscriminatorOutput, smoothing: float = 0.0) -> tf.Tensor:
    """Returns E[-log C(c|x)], a scalar, summed over the label sets.

    Args:
        output: The discriminator's outputs for images with labels.
        smoothing: With s above 0, (1 - s) E[-log C(c|x)] + s E[-1/K sum_k log C(k|x)] over the K
            classes of each set takes its place.

    Reference:
        Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016,
        https://arxiv.org/abs/1512.00567, section 7 (label smoothing).
    """
    losses = []
    for name, logits in output.class_logits.items():
        labels = output.labels[name]
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        if smoothing:
            of_all = -tf.reduce_mean(tf.nn.log_softmax(logits), axis=1)
            loss = (1.0 - smoothing) * loss + smoothing * of_all
        losses.append(tf.reduce_mean(loss))
    return tf.add_n(losses)


def class_accuracy(output: DiscriminatorOutput) -> tf.Tensor:
    """Returns the fraction of images whose class has the largest logit, a scalar in [0, 1].

    With several label sets it is the mean over the sets.
    """
    hits = [
        tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), output.labels[name])
        for name, logits in output.class_logits.items()
    ]
    return tf.reduce_mean(tf.cast(tf.stack(hits), tf.float32))


def feature_matching_loss(real: tf.Tensor, fake: tf.Tensor) -> tf.Tensor:
    """Returns ||E_x[phi(x)] - E_z[phi(G(z))]||^2, a float32 scalar.

    Args:
        real: The discriminator's features phi of reals, `(batch, n)`, or maps of them,
            `(batch, height, width, n)`, of which every place is a feature.
        fake: Those of fakes, of the same shape.

    Reference:
        Salimans et al., "Improved Techniques for Training GANs", 2016,
        https://arxiv.org/abs/1606.03498, section 3.1.
    """
    difference = tf.reduce_mean(tf.cast(real, tf.float32), 0) - tf.reduce_mean(
        tf.cast(fake, tf.float32), 0
    )
    # The square of a mean: that of the global batch is not the mean of those of its parts.
    return tf.reduce_sum(tf.square(replicas.global_mean(difference)))


def squared_slope(
    discriminator: keras.Model, images: tf.Tensor, *, training: bool = True
) -> tf.Tensor:
    """Returns E_x[||grad D(x)||^2], a float32 scalar: R1 of reals, R2 of fakes.

    Args:
        discriminator: Model from images to scores `(batch, 1)`, or to a list that begins with
            them; of a map of scores D is the mean. It must not normalize over the batch: the slope
            is that of each image by itself.
        images: float32 `(batch, height, width, channels)` in the generator's range.
        training: Whether the discriminator's layers behave as in training.

    Reference:
        Mescheder, Geiger and Nowozin, "Which Training Methods for GANs do actually Converge?",
        2018, https://arxiv.org/abs/1801.04406, equations 9 and 10.
    """
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = mean_scores(tf.nest.flatten(discriminator(images, training=training))[0])
    gradient = tf.cast(tape.gradient(scores, images), tf.float32)
    return tf.reduce_mean(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]))
