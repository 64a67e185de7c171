"""FastGAN with a second discriminator, which sees images through a pretrained network."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_positive
from kerasgan.models.base.batches import DiscriminatorCall, DiscriminatorOutput, LabelledImages
from kerasgan.models.base.checks import check_label_sets, check_players, check_pretrained_range
from kerasgan.models.fastgan import FastGAN
from kerasgan.models.loss_terms import hinge_loss


@keras.saving.register_keras_serializable("kerasgan")
class VisionAidedFastGAN(FastGAN):
    """`FastGAN` whose generator has to convince a projected discriminator too.

    Kumari et al. add discriminators on the frozen features of pretrained networks to the one that
    a GAN has: the own one watches what the features do not see, such as clean outlines and an even
    ground, and theirs knows what eyes and limbs look like, which a few hundred pictures do not
    teach. Here the added one is that of a projected GAN. With the losses L_D and L_G of `FastGAN`,
    P_l the projections of an image, F_l the projected discriminator's scores for each, and T the
    differentiable augmentation, whose images both discriminators see, the players minimize

        L_D' = L_D + mean_l E[max(0, 1 - F_l(P_l(T(x))))] + mean_l E[max(0, 1 + F_l(P_l(T(G(z)))))]
        L_G' = L_G - v mean_l E[F_l(P_l(T(G(z))))]

    The two discriminators share no weights, so the sum is two losses that one optimizer lowers.
    The paper has heads on plain features in place of projections, a smoothed logistic loss, adds
    several networks one after another, and begins with the own discriminator alone.

    The model's scores, as of `discriminate`, are those of the own discriminator.

    Args:
        generator: As in `FastGAN`, ending in tanh.
        discriminator, decoder: As in `FastGAN`.
        projected_discriminator: Model from images to scores `(batch, n, 1)`:
            `kerasgan.networks.projected_discriminator`.
        projected_weight: v, above 0.
        reconstruction_weight: As in `FastGAN`.
        diff_augment, ema_decay, image_range, seed, name: As in `AdversarialModel`.

    Raises:
        ValueError: As `FastGAN` does; or the projected discriminator takes images of another shape
            or range than the generator draws.

    Example:
    >>> networks = fastgan_generator(), fastgan_discriminator(), fastgan_decoder()
    >>> gan = VisionAidedFastGAN(*networks, projected_discriminator())
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=100)

    Reference:
        Kumari, Zhang, Shechtman and Zhu, "Ensembling Off-the-shelf Models for GAN Training", 2022,
        https://arxiv.org/abs/2112.09130, section 3; Sauer, Chitta, Müller and Geiger, "Projected
        GANs Converge Faster", 2021, https://arxiv.org/abs/2111.01007.
    """

    metric_names = (*FastGAN.metric_names, "projected_loss")
    network_names = (*FastGAN.network_names, "projected_discriminator")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        decoder: keras.Model,
        projected_discriminator: keras.Model,
        *,
        projected_weight: float = 1.0,
        reconstruction_weight: float = 2.0,
        diff_augment: Sequence[str] = ("color", "translation", "cutout"),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        check_positive(projected_weight=projected_weight)
        super().__init__(
            generator,
            discriminator,
            decoder,
            reconstruction_weight=reconstruction_weight,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )
        check_players(generator, projected_discriminator)
        check_label_sets(type(self), generator, projected_discriminator)
        check_pretrained_range(self.image_range, generator, projected_discriminator)
        self.projected_discriminator = projected_discriminator
        self.projected_weight = projected_weight
        self._call_projected = DiscriminatorCall(projected_discriminator)

    @property
    def discriminator_networks(self) -> tuple[keras.Model, ...]:
        return (*super().discriminator_networks, self.projected_discriminator)

    def added_discriminator_loss(
        self, real: DiscriminatorOutput, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns what L_D' has beside L_D, and tracks it as `projected_loss`."""
        loss = hinge_loss(self._projected(real), self._projected(fake))
        self.track(projected_loss=loss)
        return loss

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G', a scalar."""
        scores = self._projected(fake).scores
        return super().generator_loss(real, fake) - self.projected_weight * tf.reduce_mean(scores)

    def track_test_losses(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> None:
        """Tracks the losses of both players, `projected_loss` included."""
        super().track_test_losses(real, fake)
        self.added_discriminator_loss(real, fake)

    def without_training_aids(self) -> FastGAN:
        """Returns the `FastGAN` of the same networks, without the projected discriminator."""
        gan = FastGAN(
            self.generator,
            self.discriminator,
            self.decoder,
            reconstruction_weight=self.reconstruction_weight,
            diff_augment=self.diff_augment,
            ema_decay=self.ema_decay,
            image_range=(self.image_range.low, self.image_range.high),
            seed=self.seed,
            name=self.name,
        )
        gan.batches_seen.assign(self.batches_seen.value)
        for variable, own in zip(_of_average(gan), _of_average(self), strict=True):
            variable.assign(own.value)
        return gan

    def _projected(self, output: DiscriminatorOutput) -> DiscriminatorOutput:
        """Returns the projected discriminator's outputs for what the own one has seen."""
        seen = LabelledImages(output.images, output.labels)
        return self._call_projected(seen, training=output.training)

    def get_config(self) -> dict:
        return {**super().get_config(), "projected_weight": self.projected_weight}


def _of_average(gan: FastGAN) -> list[keras.Variable]:
    """Returns what the average of the generator's weights consists of, if one is kept."""
    average, count = gan.ema_generator, gan.averaged_updates
    return [] if average is None or count is None else [count, *average.weights]
