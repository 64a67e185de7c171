"""How a discriminator is shown images in training."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from kerasgan.models.diff_augment import diff_augment
from kerasgan.models.image_range import ImageRange
from kerasgan.models.judged import Judged, Labelled


class Judging:
    """What a `keras.Model` needs to have its `discriminator` judge reals and fakes.

    It reads the model's networks and settings named here.
    """

    discriminator: keras.Model
    joint_batches: bool
    diff_augment: tuple[str, ...]
    feature_matching: float
    image_range: ImageRange
    classes: dict[str, int]
    batches_seen: keras.Variable
    seed: int

    def judge(self, reals: Labelled, fakes: Labelled, purpose: str) -> tuple[Judged, Judged]:
        """Shows the discriminator reals and fakes, as it sees them in training.

        Args:
            reals: The reals.
            fakes: The fakes.
            purpose: What for; differentiable augmentation draws anew for each purpose.
        """
        real_images = self._augmented(reals.images, f"{purpose} reals")
        fake_images = self._augmented(fakes.images, f"{purpose} fakes")
        if self.joint_batches:
            # In the precision that the discriminator computes in there is less to copy.
            precision = self.discriminator.compute_dtype
            both = tf.concat([tf.cast(real_images, precision), tf.cast(fake_images, precision)], 0)
            sizes = [tf.shape(real_images)[0], tf.shape(fake_images)[0]]
            split = [
                tf.split(output, sizes)
                for output in self.outputs_of(self._call_discriminator(both))
            ]
            of_reals, of_fakes = zip(*split, strict=True)
        else:
            of_reals = self.outputs_of(self._call_discriminator(real_images))
            of_fakes = self.outputs_of(self._call_discriminator(fake_images))
        return (
            self._judged(real_images, reals.labels, of_reals),
            self._judged(fake_images, fakes.labels, of_fakes),
        )

    def judge_fakes(self, fakes: Labelled, purpose: str) -> Judged:
        """Shows the discriminator fakes alone; see `judge`."""
        images = self._augmented(fakes.images, f"{purpose} fakes")
        return self._judged(images, fakes.labels, self.outputs_of(self._call_discriminator(images)))

    @staticmethod
    def outputs_of(outputs: tf.Tensor | list[tf.Tensor]) -> list[tf.Tensor]:
        """Returns what a network gave as a list, scores first."""
        return list(outputs) if isinstance(outputs, list | tuple) else [outputs]

    def class_accuracy(self, judged: Judged) -> tf.Tensor:
        """Returns the part of images whose class the discriminator tells, in [0, 1].

        With several label sets, the mean over the sets.
        """
        hits = [
            tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), judged.labels[name])
            for name, logits in judged.class_logits.items()
        ]
        return tf.reduce_mean(tf.cast(tf.stack(hits), tf.float32))

    def _augmented(self, images: tf.Tensor, purpose: str) -> tf.Tensor:
        if not self.diff_augment:
            return images
        return diff_augment(
            images,
            self.diff_augment,
            low=self.image_range.low,
            high=self.image_range.high,
            seed=self.seed,
            step=self.batches_seen.value,
            purpose=f"augment {purpose}",
        )

    def _judged(
        self, images: tf.Tensor, labels: dict[str, tf.Tensor], outputs: Sequence[tf.Tensor]
    ) -> Judged:
        scores, *rest = outputs
        features = rest.pop() if self.feature_matching else None
        return Judged(images, labels, scores, dict(zip(self.classes, rest, strict=True)), features)


def class_heads(discriminator: keras.Model) -> dict[str, int]:
    """Returns the number of classes of each class head, by the name of its label set."""
    if len(discriminator.outputs) == 1:
        return {}
    heads = zip(discriminator.output_names[1:], discriminator.outputs[1:], strict=True)
    return {name: output.shape[-1] for name, output in heads}


def discriminator_caller(discriminator: keras.Model, *, with_features: bool) -> Callable:
    """Returns a function from images to the discriminator's outputs, and its features if wanted.

    A function, because a model kept as an attribute would be saved a second time.
    """
    network = discriminator
    if with_features:
        try:
            features = discriminator.get_layer("features").output
        except ValueError:
            raise ValueError(
                'feature_matching needs a discriminator with a layer named "features". '
                f"Received: discriminator={discriminator.name!r} without one"
            ) from None
        network = keras.Model(discriminator.inputs, [*discriminator.outputs, features])
    return lambda images: network(images, training=True)
