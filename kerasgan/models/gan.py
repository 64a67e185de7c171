"""The vanilla GAN, with handicap and threshold gating."""

import keras
import tensorflow as tf

from kerasgan.models.adversarial_model import AdversarialModel


@keras.saving.register_keras_serializable("kerasgan")
class GAN(AdversarialModel):
    """The generative adversarial network of Goodfellow et al., non-saturating.

    The discriminator's last layer is linear: it gives the logit of "this image is real", so that
    D(x) = sigmoid(score). With a label smoothing of s (0 in the paper), the players minimize

        L_D = -1/2 E_x[(1 - s) log D(x) + s log(1 - D(x))] - 1/2 E_z[log(1 - D(G(z)))]
        L_G = -E_z[log D(G(z))]

    Every batch, the generator makes `handicap` updates, each on fresh latents; then the
    discriminator makes one on the batch and fresh fakes. Threshold gating holds the discriminator
    back while it is ahead: it moves only if

        L_G < generator_loss_below   and   L_D > discriminator_loss_above

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to logits `(batch, 1)`.
        handicap: Generator updates per batch, at least 1.
        generator_loss_below: Upper bound of the gate; `None` leaves it open.
        discriminator_loss_above: Lower bound of the gate; `None` leaves it open.
        label_smoothing: One-sided: how far the target of reals is below 1, in [0, 0.5).
        **kwargs: `joint_batches`, `ema_decay`, `image_range` and `seed` of `AdversarialModel`.

    Example:
    >>> gan = GAN(generator, discriminator)
    >>> gan.compile("adam", "adam")
    >>> gan.fit(dataset, epochs=10)
    >>> images = gan.generate(16, seed=0)

    References:
        Goodfellow et al., "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661,
        equation 1, and section 3 for the non-saturating generator loss.
        Salimans et al., "Improved Techniques for Training GANs", 2016,
        https://arxiv.org/abs/1606.03498, section 3.4 (one-sided label smoothing).
        Ha, "Generative Model Combining CPPN w/ GAN+VAE", 2016 (handicap and threshold gating).
    """

    metric_names = ("generator_loss", "discriminator_loss", "gate_open")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        handicap: int = 1,
        generator_loss_below: float | None = None,
        discriminator_loss_above: float | None = None,
        label_smoothing: float = 0.0,
        **kwargs,
    ) -> None:
        if handicap < 1 or handicap != int(handicap):
            raise ValueError(f"handicap must be 1, 2, 3, ... Received: handicap={handicap}")
        if not 0.0 <= label_smoothing < 0.5:
            raise ValueError(
                f"label_smoothing must be in [0, 0.5). Received: label_smoothing={label_smoothing}"
            )
        super().__init__(generator, discriminator, **kwargs)
        self.handicap = handicap
        self.generator_loss_below = generator_loss_below
        self.discriminator_loss_above = discriminator_loss_above
        self.label_smoothing = label_smoothing

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes `handicap` generator updates, then one discriminator update if the gate opens."""
        real_images = self.real_images(data)
        with tf.control_dependencies([real_images]):  # Nothing moves before they are checked.
            for turn in range(self.handicap):
                generator_loss = self.update_generator(real_images, turn)
            self.update_discriminator(real_images, generator_loss)
            self.batches_seen.assign_add(1)
        return self.results()

    def discriminator_loss(self, real_scores: tf.Tensor, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns L_D, a scalar, from the logits `(batch, 1)` of reals and of fakes."""
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
        real_target = (1.0 - self.label_smoothing) * tf.ones_like(real_scores)
        real_loss = tf.reduce_mean(cross_entropy(real_target, real_scores))
        fake_loss = tf.reduce_mean(cross_entropy(tf.zeros_like(fake_scores), fake_scores))
        return (real_loss + fake_loss) / 2.0

    def generator_loss(self, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns L_G, a scalar, from the logits `(batch, 1)` of fakes."""
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits
        return tf.reduce_mean(cross_entropy(tf.ones_like(fake_scores), fake_scores))

    def update_discriminator(self, real_images: tf.Tensor, generator_loss: tf.Tensor) -> None:
        """Makes one discriminator update on `real_images` and fresh fakes if the gate is open."""
        latents = self.latents(tf.shape(real_images)[0], "discriminator latents")
        fake_images = self.generator(latents, training=True)
        with tf.GradientTape() as tape:
            real_scores, fake_scores = self.scores(real_images, fake_images)
            loss = self.discriminator_loss(real_scores, fake_scores)
        gate_is_open = self.gate(generator_loss, loss)
        tf.cond(
            gate_is_open,
            lambda: self.minimize(self.discriminator, self.discriminator_optimizer, loss, tape),
            lambda: None,
        )
        self.track(discriminator_loss=loss, gate_open=tf.cast(gate_is_open, tf.float32))

    def gate(self, generator_loss: tf.Tensor, discriminator_loss: tf.Tensor) -> tf.Tensor:
        """Returns whether the discriminator may move, a boolean scalar."""
        is_open = tf.constant(True)
        if self.generator_loss_below is not None:
            is_open &= generator_loss < self.generator_loss_below
        if self.discriminator_loss_above is not None:
            is_open &= discriminator_loss > self.discriminator_loss_above
        return is_open

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "handicap": self.handicap,
            "generator_loss_below": self.generator_loss_below,
            "discriminator_loss_above": self.discriminator_loss_above,
            "label_smoothing": self.label_smoothing,
        }
