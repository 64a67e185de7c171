"""The GAN with the hinge loss."""

import keras
import tensorflow as tf

from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.loss_terms import hinge_loss


@keras.saving.register_keras_serializable("kerasgan")
class HingeGAN(AdversarialModel):
    """The adversarial game with the hinge loss, as in SAGAN and BigGAN.

    The discriminator's last layer is linear. Images that it already places beyond a margin of 1
    no longer move it:

        L_D = E_x[max(0, 1 - D(x))] + E_z[max(0, 1 + D(G(z)))]
        L_G = -E_z[D(G(z))]

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to unbounded scores `(batch, 1)`.
        n_critic, schedule, joint_batches, diff_augment, feature_matching_weight, r1_weight,
            ema_decay, image_range, seed, class_names, name: As in `AdversarialModel`.

    Example:
    >>> gan = HingeGAN(generator, discriminator, ema_decay=0.999)
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)

    References:
        Lim and Ye, "Geometric GAN", 2017, https://arxiv.org/abs/1705.02894.
        Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
        https://arxiv.org/abs/1802.05957, equations 16 and 17.
    """

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.9)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        return hinge_loss(real, fake)

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return -tf.reduce_mean(fake.scores)
