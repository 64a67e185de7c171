"""Batches of images, real and generated, and what a discriminator says of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from kerasgan.distribution.replicas import batch_sections
from kerasgan.models.base.last_activation import last_operation


class LabelledImages(NamedTuple):
    """A batch of images, real or generated.

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
        images: The images as the discriminator saw them, which are augmented in training if the
            objective has `diff_augment`.
        labels: As in `LabelledImages`.
        scores: float32, linear: `(batch, 1)`, or a score for each part of an image, as a map
            `(batch, height, width, 1)` or as a list `(batch, n, 1)`.
        class_logits: float32 `(batch, classes)` by the name of the label set; empty where the
            discriminator has no class heads.
        features: `(batch, n)` or a map `(batch, height, width, n)`, the discriminator's layer
            `"features"`; `None` unless the objective matches features.
        training: Whether its layers behaved as in training. Losses that call the discriminator
            once more do the same.
    """

    images: tf.Tensor
    labels: dict[str, tf.Tensor]
    scores: tf.Tensor
    class_logits: dict[str, tf.Tensor]
    features: tf.Tensor | None
    training: bool = True


class DiscriminatorCall:
    """Calls a discriminator and names its outputs.

    Args:
        discriminator: Model from images to scores, or to a list of the scores and the logits of
            each label set.
        with_features: Whether to return the output of its layer `"features"` too.

    Raises:
        ValueError: It has no such layer.
    """

    def __init__(self, discriminator: keras.Model, *, with_features: bool = False) -> None:
        network = discriminator
        if with_features:
            try:
                features = discriminator.get_layer("features").output
            except ValueError:
                raise ValueError(
                    'feature_matching_weight needs a discriminator with a layer named "features". '
                    f"Received: discriminator={discriminator.name!r} without one"
                ) from None
            network = keras.Model(discriminator.inputs[0], [*discriminator.outputs, features])
        self._label_sets = tuple(class_heads(discriminator))
        self._with_features = with_features
        # A function, because Keras would save a network that is kept in an attribute once more.
        self._call = lambda images, training: network(images, training=training)

        def call_with_weights(images: tf.Tensor, weights: Sequence[tf.Tensor]) -> Any:
            others = [tf.convert_to_tensor(each) for each in network.non_trainable_variables]
            return network.stateless_call(weights, others, images, training=True)[0]

        self._call_with_weights = call_with_weights

    def __call__(self, batch: LabelledImages, *, training: bool) -> DiscriminatorOutput:
        """Returns the outputs for a batch."""
        return self._named(batch, _as_list(self._call(batch.images, training)), training=training)

    def with_weights(
        self, batch: LabelledImages, weights: Sequence[tf.Tensor]
    ) -> DiscriminatorOutput:
        """Returns the outputs for a batch in training, of other weights than its own.

        The discriminator's weights and moving statistics stay as they are.

        Args:
            batch: The batch.
            weights: Takes the place of its `trainable_weights`.
        """
        outputs = _as_list(self._call_with_weights(batch.images, weights))
        return self._named(batch, outputs, training=True)

    def jointly(
        self, reals: LabelledImages, fakes: LabelledImages
    ) -> tuple[DiscriminatorOutput, DiscriminatorOutput]:
        """Returns the outputs for reals and for fakes, seen in one batch, in training."""
        images = tf.concat([reals.images, fakes.images], axis=0)
        with batch_sections(2):
            outputs = _as_list(self._call(images, True))
        sizes = [tf.shape(batch.images)[0] for batch in (reals, fakes)]
        of_reals, of_fakes = zip(*(tf.split(output, sizes) for output in outputs), strict=True)
        return (
            self._named(reals, of_reals, training=True),
            self._named(fakes, of_fakes, training=True),
        )

    def _named(
        self, batch: LabelledImages, outputs: Sequence[tf.Tensor], *, training: bool
    ) -> DiscriminatorOutput:
        scores, *rest = outputs
        features = rest.pop() if self._with_features else None
        logits = dict(zip(self._label_sets, rest, strict=True))
        return DiscriminatorOutput(batch.images, batch.labels, scores, logits, features, training)


def mean_scores(scores: tf.Tensor) -> tf.Tensor:
    """Returns the score of each image, `(batch, 1)`: of a map of scores the mean, as in losses."""
    if scores.shape.rank == 2:
        return scores
    rows = tf.reshape(scores, [tf.shape(scores)[0], -1])
    return tf.reduce_mean(rows, axis=1, keepdims=True)


def class_heads(discriminator: keras.Model) -> dict[str, int]:
    """Returns the number of classes of each class head, by the name of its label set.

    Each class head is a layer named after its label set, of the discriminator or of a model in it.

    Raises:
        ValueError: Two heads have the same name.
    """
    outputs = discriminator.outputs[1:]
    names = [last_operation(output).name for output in outputs]
    if len({*names}) < len(names):
        raise ValueError(
            "Each class head must be a layer named after its label set. Received: discriminator="
            f"{discriminator.name!r} with heads {', '.join(map(repr, names))}"
        )
    return {name: output.shape[-1] for name, output in zip(names, outputs, strict=True)}


def _as_list(outputs: tf.Tensor | Sequence[tf.Tensor]) -> list[tf.Tensor]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]
