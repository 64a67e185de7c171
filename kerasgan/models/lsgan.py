"""The least-squares GAN."""

import keras
import tensorflow as tf

from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput


@keras.saving.register_keras_serializable("kerasgan")
class LSGAN(AdversarialModel):
    """The least-squares generative adversarial network of Mao et al.

    The discriminator is a regression, its last layer linear. With the targets b of reals, a of
    fakes and c of what the generator wants its fakes to be taken for, the players minimize

        L_D = 1/2 E_x[(D(x) - b)^2] + 1/2 E_z[(D(G(z)) - a)^2]
        L_G = 1/2 E_z[(D(G(z)) - c)^2]

    with a = 0 and b = c = 1, the 0-1 coding of equation 9.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images
            `(batch, height, width, channels)`, ending in sigmoid or tanh.
        discriminator: Model from images in the generator's range to scores `(batch, 1)`,
            unbounded: its last layer is linear.
        n_critic, schedule, joint_batches, diff_augment, feature_matching_weight, r1_weight,
            ema_decay, image_range, seed, class_names, name: As in `AdversarialModel`.

    Example:
    >>> gan = LSGAN(generator, discriminator, ema_decay=0.999)
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)

    Reference:
        Mao et al., "Least Squares Generative Adversarial Networks", 2017,
        https://arxiv.org/abs/1611.04076, equations 2 and 9.
    """

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(1e-3, beta_1=0.5)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        real_loss = tf.reduce_mean(tf.square(real.scores - 1.0))
        fake_loss = tf.reduce_mean(tf.square(fake.scores))
        return (real_loss + fake_loss) / 2.0

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return tf.reduce_mean(tf.square(fake.scores - 1.0)) / 2.0
