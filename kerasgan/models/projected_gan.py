"""The projected GAN: the hinge game in the features of a pretrained network."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.base.shared_fakes_model import SharedFakesModel
from kerasgan.models.loss_terms import hinge_loss


@keras.saving.register_keras_serializable("kerasgan")
class ProjectedGAN(SharedFakesModel):
    """The model of Sauer et al.: discriminators that see images through a frozen projection.

    With P_l the projections of an image to the features of a pretrained network at several scales,
    D_l a discriminator for each, and T the differentiable augmentation, the players play

        min_G max_D sum_l E[log D_l(P_l(x))] + E[log(1 - D_l(P_l(G(z))))]

    in the form of the hinge loss, as the authors' code does. They minimize

        L_D = mean_l E[max(0, 1 - D_l(P_l(T(x))))] + mean_l E[max(0, 1 + D_l(P_l(T(G(z)))))]
        L_G = -mean_l E[D_l(P_l(T(G(z))))]

    As all D_l have equally many scores, the mean over the scores of an image is the mean over l.
    For projections that are differentiable and fixed, the game is at its optimum exactly if reals
    and fakes have the same distribution after every projection (theorem 1): what no projection
    sees is not learned. Its pictures are judged by what a network trained on photographs finds
    different in them, so measures by the features of such a network favour the model
    (Kynkäänniemi et al., "The Role of ImageNet Classes in Fréchet Inception Distance", 2022).

    Each batch is one update of the discriminators, and then one of the generator on the same fakes.
    The authors' code moves the generator first, and draws fakes for each player.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in tanh:
            `projected_discriminator` takes images in [-1, 1] alone.
        discriminator: Model from images to scores `(batch, ..., 1)` that holds the projections:
            `kerasgan.networks.projected_discriminator`.
        diff_augment: As in `AdversarialModel`, by default all three policies. The covered square
            has half the image's side, as in the paper on DiffAugment; the authors' has a fifth.
        ema_decay, image_range, seed, name: As in `AdversarialModel`; the average is kept by
            default.

    Raises:
        ValueError: A `projected_discriminator` has a generator of another range.

    Example:
    >>> gan = ProjectedGAN(fastgan_generator(), projected_discriminator())
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=100)

    Reference:
        Sauer, Chitta, Müller and Geiger, "Projected GANs Converge Faster", 2021,
        https://arxiv.org/abs/2111.01007.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        diff_augment: Sequence[str] = ("color", "translation", "cutout"),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        super().__init__(
            generator,
            discriminator,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        return hinge_loss(real, fake)

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return -tf.reduce_mean(fake.scores)
