"""What the objectives with an auxiliary classifier share.

A discriminator C(c|x) has, beside its scores, the logits of each label set; a generator G(z, c)
takes labels beside its latents. With several label sets, such as genre and style, the losses add
up over the sets.
"""

from collections.abc import Mapping

import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.batches import DiscriminatorOutput


def class_loss(output: DiscriminatorOutput) -> tf.Tensor:
    """Returns E[-log C(c|x)], a scalar, summed over the label sets."""
    return tf.add_n(
        [
            tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(output.labels[name], logits)
            )
            for name, logits in output.class_logits.items()
        ]
    )


def random_labels(
    count: tf.Tensor | int, classes: Mapping[str, int], *, seed: int, step: tf.Tensor, purpose: str
) -> dict[str, tf.Tensor]:
    """Draws int32 labels `(count,)`, uniform over the classes of each label set."""
    return {
        name: stateless.integers(
            (count,), number, seed=seed, step=step, purpose=f"{purpose} {name}"
        )
        for name, number in classes.items()
    }


def class_accuracy(output: DiscriminatorOutput) -> tf.Tensor:
    """Returns the fraction of images whose class has the largest logit, a scalar in [0, 1].

    With several label sets it is the mean over the sets.
    """
    hits = [
        tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), output.labels[name])
        for name, logits in output.class_logits.items()
    ]
    return tf.reduce_mean(tf.cast(tf.stack(hits), tf.float32))
