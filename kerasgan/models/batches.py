"""Batches of images: with their labels, and with what a discriminator says of them."""

from typing import NamedTuple

import tensorflow as tf


class LabelledImages(NamedTuple):
    """A batch of images, real or drawn.

    Attributes:
        images: float32 `(batch, height, width, channels)` in the generator's range.
        labels: The class of each image, int32 `(batch,)`, by the name of the label set: the true
            classes of reals, the requested classes of fakes. Empty where the objective has no
            classes.
    """

    images: tf.Tensor
    labels: dict[str, tf.Tensor]


class DiscriminatorOutput(NamedTuple):
    """A batch of images and the discriminator's outputs for it.

    The losses of every objective are functions of the outputs for reals and for fakes.

    Attributes:
        images: The images as the discriminator saw them: differentiably augmented in training
            where the objective asks for it.
        labels: As in `LabelledImages`.
        scores: float32 `(batch, 1)`, or a map `(batch, height, width, 1)` with one score for each
            part of an image; linear.
        class_logits: float32 `(batch, classes)` by the name of the label set; empty where the
            discriminator has no class heads.
        features: `(batch, n)`, the discriminator's last hidden layer; `None` unless the objective
            matches features.
        training: Whether its layers behaved as in training. Losses that call the discriminator
            once more do the same.
    """

    images: tf.Tensor
    labels: dict[str, tf.Tensor]
    scores: tf.Tensor
    class_logits: dict[str, tf.Tensor]
    features: tf.Tensor | None
    training: bool = True
