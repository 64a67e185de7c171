"""The Wasserstein GAN with weight clipping."""

import keras
import tensorflow as tf

from kerasgan.models.adversarial_model import AdversarialModel

CLIPPED_WEIGHTS = ("trainable", "kernels")


@keras.saving.register_keras_serializable("kerasgan")
class WGAN(AdversarialModel):
    """The Wasserstein GAN of Arjovsky et al., its critic kept Lipschitz by weight clipping.

    The critic f estimates the earth mover's distance between the data and the generator,

        W = max_f E_x[f(x)] - E_z[f(G(z))]

    so the players minimize

        L_C = E_z[f(G(z))] - E_x[f(x)]
        L_G = -E_z[f(G(z))]

    Each batch of `fit` is one critic update on fresh images, after which the critic's weights are
    clipped to [-clip_value, clip_value]; after every `n_critic` of them the generator makes one.

    The paper clips "the weights". With `clipped_weights="trainable"` that is all the optimizer
    moves: kernels, biases, and the gammas and betas of normalizations; with `"kernels"`, only
    convolution and dense kernels. Moving statistics are never clipped.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        n_critic: Critic updates for each generator update, at least 1.
        clip_value: Largest absolute value of a clipped weight, positive.
        clipped_weights: `"trainable"` or `"kernels"`.
        **kwargs: `joint_batches`, `ema_decay`, `image_range` and `seed` of `AdversarialModel`.

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017,
        https://arxiv.org/abs/1701.07875, algorithm 1.
    """

    metric_names = ("generator_loss", "critic_loss", "wasserstein_distance")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        n_critic: int = 5,
        clip_value: float = 0.01,
        clipped_weights: str = "trainable",
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        if n_critic < 1 or n_critic != int(n_critic):
            raise ValueError(f"n_critic must be 1, 2, 3, ... Received: n_critic={n_critic}")
        if not clip_value > 0.0:
            raise ValueError(f"clip_value must be positive. Received: clip_value={clip_value}")
        if clipped_weights not in CLIPPED_WEIGHTS:
            raise ValueError(
                f"clipped_weights must be one of {CLIPPED_WEIGHTS}. "
                f"Received: clipped_weights={clipped_weights!r}"
            )
        self.n_critic = n_critic
        self.clip_value = clip_value
        self.clipped_weights = clipped_weights

    @property
    def critic(self) -> keras.Model:
        """The discriminator by its name in the paper."""
        return self.discriminator

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes one critic update, and every `n_critic` batches one generator update."""
        real_images = self.real_images(data)
        with tf.control_dependencies([real_images]):  # Nothing moves before they are checked.
            self.update_critic(real_images)
            self.batches_seen.assign_add(1)
            tf.cond(
                self.batches_seen % self.n_critic == 0,
                lambda: self.update_generator(real_images),
                lambda: tf.constant(0.0),
            )
        return self.results()

    def discriminator_loss(self, real_scores: tf.Tensor, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns L_C, a scalar, from the critic's scores `(batch, 1)` of reals and of fakes."""
        return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)

    def generator_loss(self, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns L_G, a scalar, from the critic's scores `(batch, 1)` of fakes."""
        return -tf.reduce_mean(fake_scores)

    def update_critic(self, real_images: tf.Tensor) -> None:
        """Makes one critic update on `real_images` and fresh fakes, then clips the weights."""
        latents = self.latents(tf.shape(real_images)[0], "critic latents")
        fake_images = self.generator(latents, training=True)
        with tf.GradientTape() as tape:
            real_scores, fake_scores = self.scores(real_images, fake_images)
            loss = self.discriminator_loss(real_scores, fake_scores)
        self.minimize(self.critic, self.discriminator_optimizer, loss, tape)
        self.clip_weights()
        self.track(critic_loss=loss, wasserstein_distance=-loss)

    def clip_weights(self) -> None:
        """Clips the critic's weights to [-clip_value, clip_value]."""
        for weight in self.critic.trainable_variables:
            if self.clipped_weights == "trainable" or weight.name == "kernel":
                weight.assign(tf.clip_by_value(weight.value, -self.clip_value, self.clip_value))

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "n_critic": self.n_critic,
            "clip_value": self.clip_value,
            "clipped_weights": self.clipped_weights,
        }
