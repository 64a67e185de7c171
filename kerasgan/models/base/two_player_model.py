"""Two networks that see batches of images: what each of them is shown, and what they answer."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.models.base.batch_checks import (
    checked_labels,
    checked_shape,
    image_array,
    no_weights,
    readable_errors,
)
from kerasgan.models.base.batches import (
    DiscriminatorCall,
    DiscriminatorOutput,
    LabelledImages,
    class_heads,
    mean_scores,
)
from kerasgan.models.base.checks import check_label_sets, check_players, check_pretrained_range
from kerasgan.models.base.endpoints import write_endpoints
from kerasgan.models.base.multi_optimizer_model import MultiOptimizerModel
from kerasgan.models.base.noise import Noise
from kerasgan.models.base.scoring_batches import scoring_batches
from kerasgan.models.diff_augment import check_policies, diff_augment


class TwoPlayerModel(MultiOptimizerModel):
    """Base class: a generator, a discriminator and the batches that they see, without a step.

    A step calls `real_batch` for the reals, `draw_fakes` for as many fakes, and `discriminate_both`
    or `discriminate_fakes` for the discriminator's outputs. Random numbers are a pure function of
    `seed` and `batches_seen`.

    Args:
        generator: As in `AdversarialModel`, as are all the others but one.
        discriminator: The discriminator or critic.
        joint_batches: Whether the discriminator sees reals and fakes in one batch.
        diff_augment: Random transformations through which the discriminator sees images.
        with_features: Whether its outputs include those of its layer `"features"`.
        ema_decay: Decay of the average of the generator's weights; `None` keeps none.
        image_range: `(low, high)` of the generator's output; `None` reads it off its last layer.
        seed: Seed of all random numbers.
        class_names: The name of each class of each label set.
        name: Name of the model.
    """

    player = "discriminator"  # Its name in metrics: "critic" in Wasserstein GANs.
    network_names: tuple[str, ...] = ("generator", "discriminator")
    takes_classes = False  # Whether the discriminator has class heads.
    draws_classes = False  # Whether the generator is conditioned on them.

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        joint_batches: bool,
        diff_augment: Sequence[str],
        with_features: bool,
        ema_decay: float | None,
        image_range: tuple[float, float] | None,
        seed: int,
        class_names: Mapping[str, Sequence[str]] | None,
        name: str | None,
    ) -> None:
        check_players(generator, discriminator)
        check_label_sets(type(self), generator, discriminator)
        super().__init__(
            generator,
            classes=class_heads(discriminator),
            class_names=class_names,
            ema_decay=ema_decay,
            image_range=image_range,
            name=name,
        )
        check_pretrained_range(self.image_range, generator, discriminator)
        self.discriminator = discriminator
        self.joint_batches = joint_batches
        self.diff_augment = check_policies(diff_augment, self.image_shape)
        self.seed = whole_number("seed", seed)
        self._call_discriminator = DiscriminatorCall(discriminator, with_features=with_features)
        self.batches_seen = self._counter("batches_seen")
        if ema_decay is not None:
            # Not the count of an optimizer, which begins anew with each `compile`.
            self.averaged_updates = self._counter("averaged_updates")

    def _counter(self, name: str) -> keras.Variable:
        return self.add_weight(
            name=name, shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    def moved_by(self, optimizer_name: str) -> tuple[keras.Model, ...]:
        if optimizer_name == "discriminator_optimizer":
            return self.discriminator_networks
        return self.generator_networks

    @property
    def classifies(self) -> bool:
        """Whether the discriminator's class heads learn to name the classes of images."""
        return bool(self.classes)

    @property
    def generator_networks(self) -> tuple[keras.Model, ...]:
        """The networks that the generator's update moves."""
        return (self.generator,)

    @property
    def discriminator_networks(self) -> tuple[keras.Model, ...]:
        """The networks that the discriminator's update moves."""
        return (self.discriminator,)

    def real_batch(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> LabelledImages:
        """Unpacks a batch of `fit`, checks it, and maps the images to the generator's range.

        A graph runs the checks beside other operations; whatever must not run before them has to
        wait for the images that are returned.

        Raises:
            ValueError: The batch has sample weights, or its images or labels are not as the
                class describes.
        """
        images, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise ValueError(no_weights(type(self).__name__))
        labels = checked_labels(labels, self.classes)
        if isinstance(images, Mapping):
            raise ValueError(
                "A batch is its images, or (images, labels): map a dictionary to them, as by "
                "dataset.map(lambda each: (each['image'], each['label'])). Received: a dictionary "
                f"with the keys {', '.join(map(repr, images))}"
            )
        images = checked_shape(tf.convert_to_tensor(images), self.image_shape)
        with tf.control_dependencies(list(labels.values())):
            return LabelledImages(tf.identity(self.image_range.from_user(images)), labels)

    @property
    def noise(self) -> Noise:
        """The random numbers of the step, all of which are keyed by `batches_seen`.

        In the default step without a schedule the generator moves after the count, so it uses the
        number of the next batch, under purposes of its own: no random number is used twice.
        """
        return Noise(self.seed, self.batches_seen.value)

    def latents(self, count: tf.Tensor | int, purpose: str) -> tf.Tensor:
        """Returns random latents z ~ N(0, I), `(count, latent_dim)`, of this batch."""
        return self.noise.normal((count, self.latent_dim), purpose)

    def random_labels(self, count: tf.Tensor | int, purpose: str) -> dict[str, tf.Tensor]:
        """Returns random labels of fakes; none if the generator is not conditioned on classes."""
        return self.noise.labels(count, self.classes if self.draws_classes else {}, purpose)

    def scores_as_classes(self, output: DiscriminatorOutput) -> tf.Tensor:
        """Returns the scores of images given their labels; by default the labels do not count."""
        return output.scores

    def labels_of_fakes(self, reals: LabelledImages, purpose: str) -> dict[str, tf.Tensor]:
        """Returns the labels of as many fakes as there are reals, by default random ones."""
        return self.random_labels(tf.shape(reals.images)[0], purpose)

    def draw_fakes(self, reals: LabelledImages, purpose: str) -> LabelledImages:
        """Generates as many fakes as there are reals, from fresh latents, in training.

        Args:
            reals: The reals.
            purpose: What the latents are for; different purposes have different latents.
        """
        latents = self.latents(tf.shape(reals.images)[0], purpose)
        labels = self.labels_of_fakes(reals, purpose)
        inputs = [latents, *labels.values()] if labels else latents
        return LabelledImages(self.generator(inputs, training=True), labels)

    def discriminate_both(
        self, reals: LabelledImages, fakes: LabelledImages, purpose: str
    ) -> tuple[DiscriminatorOutput, DiscriminatorOutput]:
        """Returns the discriminator's outputs for reals and for fakes, in training.

        Args:
            reals: The reals.
            fakes: The fakes.
            purpose: What for: images are augmented differently for each purpose.
        """
        reals = self.augmented(reals, f"{purpose} reals")
        fakes = self.augmented(fakes, f"{purpose} fakes")
        if self.joint_batches:
            return self._call_discriminator.jointly(reals, fakes)
        return self._call_discriminator(reals, training=True), self._call_discriminator(
            fakes, training=True
        )

    def discriminate_fakes(self, fakes: LabelledImages, purpose: str) -> DiscriminatorOutput:
        """Returns the discriminator's outputs for fakes alone, in training."""
        return self._call_discriminator(self.augmented(fakes, f"{purpose} fakes"), training=True)

    def discriminate(self, images: np.ndarray, *, batch_size: int = 64) -> DiscriminatorOutput:
        """Returns the discriminator's outputs for images, out of training, as numpy arrays.

        Most discriminators score each image by itself. Of those of kerasgan's networks, two kinds
        compare images, and an image has another score beside others:

        - with `MinibatchStandardDeviation` it is compared with its group, `group_size` consecutive
          images, whatever `batch_size` is. The first images complete the last group.
        - with `MinibatchDiscrimination` it is compared with its batch: only scores of the same
          `batch_size` can be compared. The first images complete the last of several batches;
          fewer images than `batch_size` are compared with one another.

        Args:
            images: `(n, height, width, channels)`, float in [0, 1] or uint8.
            batch_size: Images seen at once.

        Returns:
            Scores float32 `(n, 1)`, a map of scores averaged, and the class logits
            `(n, classes)` of each label set. `images` is what was given, and `labels` is empty.

        Raises:
            ValueError: There are no images, they are outside [0, 1], or not of the model's shape,
                or `batch_size` is no integer of at least 1.
        """
        batch_size = whole_number("batch_size", batch_size, least=1)
        images = image_array(images)
        with readable_errors():
            parts = [
                self.discriminator_output(tf.convert_to_tensor(images[numbers]))
                for numbers in scoring_batches(self.discriminator, len(images), batch_size)
            ]

        def joined(outputs: Iterable[tf.Tensor]) -> np.ndarray:
            return np.concatenate(list(outputs))[: len(images)]

        return DiscriminatorOutput(
            images,
            {},
            joined(part.scores for part in parts),
            {name: joined(part.class_logits[name] for part in parts) for name in self.classes},
            None,
            training=False,
        )

    def discriminator_output(self, images: tf.Tensor) -> DiscriminatorOutput:
        """Returns the discriminator's outputs for one batch as tensors; see `discriminate`."""
        images = self.image_range.from_user(checked_shape(images, self.image_shape))
        output = self._call_discriminator(LabelledImages(images, {}), training=False)
        return output._replace(scores=mean_scores(output.scores))

    def augmented(self, batch: LabelledImages, purpose: str) -> LabelledImages:
        """Returns a batch as the discriminator sees it in training."""
        if not self.diff_augment:
            return batch
        images = diff_augment(
            batch.images,
            self.diff_augment,
            low=self.image_range.low,
            high=self.image_range.high,
            noise=self.noise,
            purpose=f"augment {purpose}",
        )
        return batch._replace(images=images)

    def export(self, filepath: str | Path, format: str = "tf_saved_model", **options) -> None:
        """Writes what draws images, for use without Keras or kerasgan.

        A SavedModel has the endpoints `generate`, which is the serving signature too,
        `discriminate`, `encode` if there is an encoder, and `render` if the generator is a CPPN.
        Images are float32 in [0, 1]. If an average of the weights is kept, it draws them. What
        `discriminate` is given is one batch: a discriminator that compares images compares these.

        Args:
            filepath: Folder or file to write.
            format: `"tf_saved_model"`, or another format of `keras.Model.export`, in which only
                the network that draws is written, with images in its own range.
            **options: Options of `keras.Model.export` for other formats.

        Raises:
            ValueError: There are options for a SavedModel, which takes none.
        """
        if format == "tf_saved_model":
            if options:
                raise ValueError(
                    "A SavedModel has the endpoints of the class, and no options: leave them out, "
                    f"or name another format. Received: {', '.join(options)}"
                )
            write_endpoints(self, self.discriminator_output, filepath)
        else:
            network = self.sampling_generator
            # Keras exports what was called before.
            inputs = [tf.zeros((1, *each.shape[1:]), each.dtype) for each in network.inputs]
            network(inputs if len(inputs) > 1 else inputs[0])
            network.export(filepath, format=format, **options)
