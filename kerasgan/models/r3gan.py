"""The regularized relativistic GAN."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative
from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.base.checks import warn_if_it_normalizes_batches
from kerasgan.models.loss_terms import squared_slope


@keras.saving.register_keras_serializable("kerasgan")
class R3GAN(AdversarialModel):
    """The regularized relativistic GAN of Huang et al.: R1 and R2 on a relativistic pairing loss.

    The discriminator compares each fake with a real, so that the generator is never rewarded for
    what all fakes have in common. The players minimize

        L_D = E_{x,z}[log(1 + exp(D(G(z)) - D(x)))]
              + gamma/2 E_x[||grad D(x)||^2] + gamma/2 E_z[||grad D(G(z))||^2]
        L_G = E_{x,z}[log(1 + exp(D(x) - D(G(z))))]

    This is the pairing loss of equation 2 in the form of the authors' code: D is high on reals,
    where that of the printed equation is high on fakes, and the generator's loss is the
    non-saturating one. The second line of L_D has the penalties R1 and R2 (equation 3). The paper
    proves that with either of them the game converges locally, and finds in practice that it takes
    both. With `diff_augment` x and G(z) are the augmented pictures, and so are those of the slopes.
    The penalties are computed per image, so the discriminator must not normalize over the batch.

    By default each batch is one update of D and then one of G.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to unbounded scores `(batch, 1)`.
        penalty_weight: gamma, at least 0.
        n_critic, diff_augment, ema_decay, image_range, seed, name: As in `AdversarialModel`.

    Example:
    >>> gan = R3GAN(generator, discriminator, ema_decay=0.999)
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)

    Reference:
        Huang, Gokaslan, Kuleshov and Tompkin, "The GAN is dead; long live the GAN! A Modern GAN
        Baseline", 2024, https://arxiv.org/abs/2501.05441, section 2.
    """

    metric_names = ("generator_loss", "discriminator_loss", "r1_penalty", "r2_penalty")
    generator_sees_reals = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        penalty_weight: float = 1.0,
        n_critic: int = 1,
        diff_augment: Sequence[str] = (),
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        check_not_negative(penalty_weight=penalty_weight)
        super().__init__(
            generator,
            discriminator,
            n_critic=n_critic,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )
        warn_if_it_normalizes_batches(discriminator)
        self.penalty_weight = penalty_weight

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        r1 = squared_slope(self.discriminator, real.images, training=real.training)
        r2 = squared_slope(self.discriminator, fake.images, training=fake.training)
        self.track(r1_penalty=r1, r2_penalty=r2)
        loss = tf.reduce_mean(tf.nn.softplus(fake.scores - real.scores))
        return loss + self.penalty_weight / 2.0 * (r1 + r2)

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        # Reals are always there: `generator_sees_reals`.
        scores = real.scores  # pyright: ignore[reportOptionalMemberAccess]
        return tf.reduce_mean(tf.nn.softplus(scores - fake.scores))

    def get_config(self) -> dict:
        return {**super().get_config(), "penalty_weight": self.penalty_weight}
