"""The Wasserstein GAN with gradient penalty."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.adversarial_model import AdversarialModel
from kerasgan.models.batches import DiscriminatorOutput
from kerasgan.models.checks import check_not_negative, warn_if_it_normalizes_batches

# Inside the root, whose gradient at zero would be infinite.
_EPSILON = 1e-12


@keras.saving.register_keras_serializable("kerasgan")
class WGANGP(AdversarialModel):
    """The Wasserstein GAN of Gulrajani et al., its critic kept Lipschitz by a gradient penalty.

    The players minimize

        L_C = E_z[f(G(z))] - E_x[f(x)] + lambda E_xhat[(||grad f(xhat)||_2 - 1)^2]   (equation 3)
        L_G = -E_z[f(G(z))]

    where xhat = alpha G(z) + (1 - alpha) x, with one alpha, uniform in [0, 1), for each sample.

    Each batch is one critic update, and after every `n_critic` of them the generator makes one
    (algorithm 1).

    The penalty is one for each image, so a critic that normalizes over the batch does not fit it:
    use no normalization, or layer normalization (section 4 of the paper).

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        penalty_weight: lambda, at least 0.
        penalized_fraction: The part of each batch, in (0, 1], on which the penalty is taken. Less
            than 1 is faster; the estimate stays unbiased but becomes noisier.
        n_critic: Critic updates for each generator update, at least 1.
        joint_batches, diff_augment, feature_matching, ema_decay, image_range, seed, class_names,
            name: As in `AdversarialModel`.

    Reference:
        Gulrajani et al., "Improved Training of Wasserstein GANs", 2017,
        https://arxiv.org/abs/1704.00028, equation 3 and algorithm 1, which has the default
        optimizers too.
    """

    player = "critic"
    metric_names = ("generator_loss", "critic_loss", "wasserstein_distance", "gradient_penalty")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        penalty_weight: float = 10.0,
        penalized_fraction: float = 1.0,
        n_critic: int = 5,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            generator,
            discriminator,
            n_critic=n_critic,
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            feature_matching=feature_matching,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        check_not_negative(penalty_weight=penalty_weight)
        if not 0.0 < penalized_fraction <= 1.0:
            raise ValueError(
                "penalized_fraction must be in (0, 1]. "
                f"Received: penalized_fraction={penalized_fraction}"
            )
        warn_if_it_normalizes_batches(discriminator)
        self.penalty_weight = penalty_weight
        self.penalized_fraction = penalized_fraction

    @property
    def critic(self) -> keras.Model:
        """The discriminator under its name in the paper."""
        return self.discriminator

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9)

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes one critic update, and after every `n_critic` of them one of the generator."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # Nothing moves before they are checked.
            # Algorithm 1, lines 3 to 9.
            fakes = self.draw_fakes(reals, "critic latents")
            with tf.GradientTape() as tape:
                real, fake = self.discriminate_both(reals, fakes, "critic")
                loss = self.discriminator_loss(real, fake)
            self.minimize(self.discriminator_optimizer, loss, tape, self.critic)
            self.track_discriminator(real, fake, loss)
            self.batches_seen.assign_add(1)
            # Lines 11 and 12.
            tf.cond(
                self.generator_is_due(),
                lambda: self.update_generator(reals),
                lambda: tf.constant(0.0),
            )
        return self.results()

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_C, a scalar."""
        return (
            tf.reduce_mean(fake.scores)
            - tf.reduce_mean(real.scores)
            + self.penalty_weight
            * self.gradient_penalty(real.images, fake.images, training=real.training)
        )

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return -tf.reduce_mean(fake.scores)

    def gradient_penalty(
        self, real_images: tf.Tensor, fake_images: tf.Tensor, *, training: bool = True
    ) -> tf.Tensor:
        """Returns E_xhat[(||grad f(xhat)||_2 - 1)^2], a float32 scalar."""
        batch = tf.cast(tf.shape(real_images)[0], tf.float64)
        # A product that rounding lifts just above a whole number counts as that number.
        part = self.penalized_fraction * batch * (1.0 - 1e-12)
        count = tf.cast(tf.math.ceil(part), tf.int32)
        alpha = stateless.uniform(
            (count, 1, 1, 1), seed=self.seed, step=self.batches_seen.value, purpose="interpolation"
        )
        fake_images, real_images = fake_images[:count], real_images[:count]
        interpolated = alpha * fake_images + (1.0 - alpha) * real_images
        with tf.GradientTape() as tape:
            tape.watch(interpolated)
            scores = tf.nest.flatten(self.critic(interpolated, training=training))[0]
        gradient = tf.cast(tape.gradient(scores, interpolated), tf.float32)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + _EPSILON)
        penalty = tf.reduce_mean(tf.square(norm - 1.0))
        self.track(gradient_penalty=penalty)
        return penalty

    def track_discriminator(
        self, real: DiscriminatorOutput, fake: DiscriminatorOutput, loss: tf.Tensor
    ) -> None:
        distance = tf.reduce_mean(real.scores) - tf.reduce_mean(fake.scores)
        self.track(critic_loss=loss, wasserstein_distance=distance)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "penalty_weight": self.penalty_weight,
            "penalized_fraction": self.penalized_fraction,
        }
