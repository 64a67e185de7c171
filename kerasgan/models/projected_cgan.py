"""The conditional projected GAN."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.base.shared_fakes_model import SharedFakesModel
from kerasgan.models.projected_gan import ProjectedGAN


@keras.saving.register_keras_serializable("kerasgan")
class ProjectedCGAN(ProjectedGAN):
    """A projected GAN that draws classes: `ProjectedGAN` with a projection discriminator.

    The discriminators judge an image by itself and as one of its class. With phi(x) the features
    that the heads of the D_l have in common, and v_c and b_c, learned for each class of each label
    set, an image with the labels c has two scores,

        D_l(x) = D_l(P_l(x))        D_l(x, c) = D_l(P_l(x)) + sum_sets (<v_c, phi(x)> + b_c)

    and the players minimize, with the losses L of `ProjectedGAN`,

        L_D = L_D[D_l(x)] + t L_D[D_l(x, c)]
        L_G = L_G[D_l(x)] + t L_G[D_l(x, c)]

    What a class adds to a score is a projection of the features, by which Miyato and Koyama name
    it; it has nothing to do with the projections P_l. Sauer et al. show the labels to their
    discriminators in the same way.

    Players that know the classes from the start soon draw one picture for each (Shahbazi et al.).
    So t, the conditioning, is 0 up to iteration `transition[0]`, rises linearly, and is 1 from
    iteration `transition[1]` on: the game begins as one without classes, which goes on beside it.
    Shahbazi et al. multiply the labels' vector in the generator by t too; that of
    `fastgan_generator` begins as zero.

    Fakes have the labels of the batch's reals, so of several label sets the generator learns the
    combinations that there are. The scores of classes are no logits of a classifier: the fakes have
    their part in them.

    Args:
        generator: Model from latents and labels to images, ending in tanh.
        discriminator: Model from images to scores `(batch, n, 1)` and the scores of the classes of
            each label set: `kerasgan.networks.projected_discriminator` with `classes`.
        transition: The iterations at which the conditioning begins to rise and is 1, the second
            one larger.
        diff_augment, ema_decay, image_range, seed, name: As in `ProjectedGAN`.
        class_names: The name of each class of each label set, for `generate`.

    Raises:
        ValueError: `transition` is not two whole numbers in their order; or as in `ProjectedGAN`.

    Example:
    >>> classes = {"style": 7}
    >>> gan = ProjectedCGAN(
    ...     fastgan_generator(classes=classes), projected_discriminator(classes=classes)
    ... )
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=100)

    References:
        Sauer, Chitta, Müller and Geiger, "Projected GANs Converge Faster", 2021,
        https://arxiv.org/abs/2111.01007.
        Miyato and Koyama, "cGANs with Projection Discriminator", 2018,
        https://arxiv.org/abs/1802.05637, section 3.
        Shahbazi, Danelljan, Paudel and Van Gool, "Collapse by Conditioning: Training
        Class-conditional GANs with Limited Data", 2022, https://arxiv.org/abs/2201.06578.
    """

    metric_names = (*ProjectedGAN.metric_names, "conditioning")
    takes_classes = True
    draws_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        transition: Sequence[int] = (1000, 3000),
        diff_augment: Sequence[str] = ("color", "translation", "cutout"),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        # `ProjectedGAN` itself draws no classes, so it takes no names of them.
        SharedFakesModel.__init__(
            self,
            generator,
            discriminator,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.transition = _checked(transition)

    @property
    def classifies(self) -> bool:
        """False: the scores of classes are no logits of a classifier."""
        return False

    @property
    def conditioning(self) -> tf.Tensor:
        """The t of the docstring after the batches that were seen, float32, a scalar in [0, 1]."""
        first, last = self.transition
        seen = tf.cast(self.batches_seen.value, tf.float32)
        return tf.clip_by_value((seen - first) / (last - first), 0.0, 1.0)

    def labels_of_fakes(self, reals: LabelledImages, purpose: str) -> dict[str, tf.Tensor]:
        """Returns the labels of the reals."""
        return reals.labels

    def scores_as_classes(self, output: DiscriminatorOutput) -> tf.Tensor:
        """Returns D_l(x, c), of the shape of the scores."""
        scores = output.scores
        for name, labels in output.labels.items():
            own = tf.gather(output.class_logits[name], labels, axis=1, batch_dims=1)
            # Each image's is added to all its scores.
            scores = scores + tf.reshape(own, [-1, *[1] * (len(scores.shape) - 1)])
        return scores

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        conditioning = self.conditioning
        self.track(conditioning=conditioning)
        as_classes = super().discriminator_loss(self._as_classes(real), self._as_classes(fake))
        return super().discriminator_loss(real, fake) + conditioning * as_classes

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        as_classes = super().generator_loss(real, self._as_classes(fake))
        return super().generator_loss(real, fake) + self.conditioning * as_classes

    def _as_classes(self, output: DiscriminatorOutput) -> DiscriminatorOutput:
        return output._replace(scores=self.scores_as_classes(output))

    def get_config(self) -> dict:
        return {**super().get_config(), "transition": list(self.transition)}


def _checked(transition: Sequence[int]) -> tuple[int, int]:
    if isinstance(transition, str) or not isinstance(transition, Sequence) or len(transition) != 2:
        raise ValueError(f"transition must be two iterations. Received: transition={transition!r}")
    first, last = (whole_number("transition", each, least=0) for each in transition)
    if first >= last:
        raise ValueError(
            "transition must be two iterations, the second one later. "
            f"Received: transition={transition!r}"
        )
    return first, last
