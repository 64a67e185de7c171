"""The vanilla GAN."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_between
from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.schedule import HandicapSchedule


@keras.saving.register_keras_serializable("kerasgan")
class GAN(AdversarialModel):
    """The generative adversarial network of Goodfellow et al., non-saturating.

    The discriminator's last layer is linear: it gives the logit of "this image is real", so that
    D(x) = sigmoid(score). With a label smoothing of s (0 in the paper), the players minimize

        L_D = -1/2 E_x[(1 - s) log D(x) + s log(1 - D(x))] - 1/2 E_z[log(1 - D(G(z)))]
        L_G = -E_z[log D(G(z))]

    The factor 1/2 is not in equation 1; it makes L_D the mean over reals and fakes. An `r1_weight`
    of r beside it is therefore a gamma of 2r in the game of Mescheder et al., which has no such
    factor; `HingeGAN` has none either.

    By default each batch is one update of D and then one of G (algorithm 1 with k = 1); the step
    is `AdversarialModel.train_step`.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to logits `(batch, 1)`.
        label_smoothing: One-sided: how far the target of reals is below 1, in [0, 0.5).
        n_critic, schedule, joint_batches, diff_augment, feature_matching_weight, r1_weight,
            ema_decay, image_range, seed, class_names, name: As in `AdversarialModel`.

    Example:
    >>> gan = GAN(generator, discriminator, schedule=HandicapSchedule(handicap=4))
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)
    >>> images = gan.generate(16, seed=0)

    References:
        Goodfellow et al., "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661,
        equation 1, and section 3 for the non-saturating generator loss.
        Salimans et al., "Improved Techniques for Training GANs", 2016,
        https://arxiv.org/abs/1606.03498, section 3.4 (one-sided label smoothing).
        Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional
        Generative Adversarial Networks", 2016, https://arxiv.org/abs/1511.06434, section 4 (the
        default optimizers).
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        label_smoothing: float = 0.0,
        n_critic: int = 1,
        schedule: HandicapSchedule | None = None,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching_weight: float = 0.0,
        r1_weight: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        check_between(0.0, 0.5, "[)", label_smoothing=label_smoothing)
        super().__init__(
            generator,
            discriminator,
            n_critic=n_critic,
            schedule=schedule,
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            feature_matching_weight=feature_matching_weight,
            r1_weight=r1_weight,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.label_smoothing = label_smoothing

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
        real_target = (1.0 - self.label_smoothing) * tf.ones_like(real.scores)
        real_loss = tf.reduce_mean(cross_entropy(real_target, real.scores))
        fake_loss = tf.reduce_mean(cross_entropy(tf.zeros_like(fake.scores), fake.scores))
        return (real_loss + fake_loss) / 2.0

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
        return tf.reduce_mean(cross_entropy(tf.ones_like(fake.scores), fake.scores))

    def get_config(self) -> dict:
        return {**super().get_config(), "label_smoothing": self.label_smoothing}
