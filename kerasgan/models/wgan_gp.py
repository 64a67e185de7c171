"""The Wasserstein GAN with gradient penalty, and the step that it shares with weight clipping."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_between, check_not_negative
from kerasgan.distribution.replicas import mean_of_first, replica_count
from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages, mean_scores
from kerasgan.models.base.checks import warn_if_it_normalizes_batches

# Added to the squared norm, because the gradient of a square root is infinite at 0.
_TINY = 1e-12


class WassersteinGAN(AdversarialModel):
    """Base class: the game of a generator G and a critic f.

    It is algorithm 1 of Arjovsky et al., 2017, and of Gulrajani et al., 2017. Subclasses add the
    Lipschitz constraint, by clipping or a penalty. Without it, the players minimize

        L_D = E_z[f(G(z))] - E_x[f(x)]
        L_G = -E_z[f(G(z))]

    Each batch x of `fit` is one critic update, and after every `n_critic` of them the generator
    makes one. This is the default step of `AdversarialModel` without a `schedule`, written out here
    so that the whole game of `WGANGP` reads in one file, beside algorithm 1. Therefore there is no
    `schedule`.
    """

    player = "critic"
    metric_names = ("generator_loss", "critic_loss", "wasserstein_distance")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        n_critic: int = 5,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching_weight: float = 0.0,
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
            feature_matching_weight=feature_matching_weight,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )

    @property
    def critic(self) -> keras.Model:
        """The discriminator under its name in the papers."""
        return self.discriminator

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes one critic update, and after every `n_critic` of them one of the generator."""
        reals = self.real_batch(data)  # Checked, and mapped to the range of the generator's images.
        with tf.control_dependencies([reals.images]):  # No weight moves before the checks.
            self.update_discriminator(reals)
            self.batches_seen.assign_add(1)
            # If batches_seen is a multiple of n_critic.
            self.update_if_due(lambda: self.update_generator(reals))
        return self.results()  # The means of what was tracked.

    def update_discriminator(
        self, reals: LabelledImages, generator_loss: tf.Tensor | None = None
    ) -> None:
        """Makes one critic update on the reals x and as many fresh fakes G(z).

        `generator_loss` is that of games with a gate, and not used.
        """
        # Outside the tape: the generator gets no gradient here. The name selects a stream of random
        # numbers of its own, so the generator's update draws from different z.
        fakes = self.draw_fakes(reals, "critic latents")
        with tf.GradientTape() as tape:
            real, fake = self.discriminate_both(reals, fakes, "critic")
            loss = self.discriminator_loss(real, fake)
        self.minimize(self.discriminator_optimizer, loss, tape, *self.discriminator_networks)
        self.track(critic_loss=loss)

    def update_generator(self, reals: LabelledImages, turn: int = 0) -> tf.Tensor:
        """Makes one generator update on as many fresh fakes as reals, and returns its loss."""
        with tf.GradientTape() as tape:
            # The turn is 0: it is the first, and only, generator update on this batch.
            fakes = self.draw_fakes(reals, f"generator latents {turn}")
            # `generator_loss`, and feature matching if the model has it.
            loss = self.generator_loss_on(reals, fakes, f"generator {turn}")
        self.minimize(self.generator_optimizer, loss, tape, *self.generator_networks)
        self.track(generator_loss=loss)
        self.update_ema()  # With `ema_decay`: the average of weights that pictures are drawn with.
        return loss

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar: minus the estimate of the Wasserstein distance."""
        distance = tf.reduce_mean(real.scores) - tf.reduce_mean(fake.scores)
        self.track(wasserstein_distance=distance)
        return -distance

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return -tf.reduce_mean(fake.scores)


@keras.saving.register_keras_serializable("kerasgan")
class WGANGP(WassersteinGAN):
    """The Wasserstein GAN of Gulrajani et al., its critic kept Lipschitz by a gradient penalty.

    The players minimize

        L_D = E_z[f(G(z))] - E_x[f(x)] + lambda E_xhat[(||grad f(xhat)||_2 - 1)^2]   (equation 3)
        L_G = -E_z[f(G(z))]

    where xhat = alpha G(z) + (1 - alpha) x, with one alpha, uniform in [0, 1), for each image; the
    paper's epsilon is 1 - alpha.

    Each batch is one critic update, and after every `n_critic` of them the generator makes one
    (algorithm 1).

    The penalty concerns each image by itself, so the critic must not normalize over the batch: use
    layer normalization or none (section 4 of the paper).

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        penalty_weight: lambda, at least 0.
        penalized_fraction: The part of each batch, in (0, 1], on which the penalty is taken: its
            first images. Less than 1, which the paper does not have, is faster and noisier; of
            shuffled batches the estimate stays unbiased.
        n_critic: Critic updates for each generator update, at least 1.
        joint_batches, diff_augment, feature_matching_weight, ema_decay, image_range, seed,
            class_names, name: As in `AdversarialModel`.

    Example:
    >>> gan = WGANGP(generator, discriminator, penalty_weight=10.0)
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)

    Reference:
        Gulrajani et al., "Improved Training of Wasserstein GANs", 2017,
        https://arxiv.org/abs/1704.00028, equation 3 and algorithm 1, which has the default
        optimizers.
    """

    metric_names = (*WassersteinGAN.metric_names, "gradient_penalty")

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
        feature_matching_weight: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        check_not_negative(penalty_weight=penalty_weight)
        check_between(0.0, 1.0, "(]", penalized_fraction=penalized_fraction)
        super().__init__(
            generator,
            discriminator,
            n_critic=n_critic,
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            feature_matching_weight=feature_matching_weight,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        warn_if_it_normalizes_batches(discriminator)
        self.penalty_weight = penalty_weight
        self.penalized_fraction = penalized_fraction

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D with its penalty, a scalar."""
        loss = super().discriminator_loss(real, fake)
        penalty = self.gradient_penalty(real.images, fake.images, training=real.training)
        return loss + self.penalty_weight * penalty

    def gradient_penalty(
        self, real_images: tf.Tensor, fake_images: tf.Tensor, *, training: bool = True
    ) -> tf.Tensor:
        """Returns E_xhat[(||grad f(xhat)||_2 - 1)^2], a float32 scalar.

        Args:
            real_images: x, `(batch, height, width, channels)`, as the critic saw them.
            fake_images: G(z), as many.
            training: Whether the critic's layers behave as in training.
        """
        batch = tf.shape(real_images)[0]
        # `penalized` counts images of the whole batch, and those may all be in one replica's part.
        penalized = self._penalized_count(batch * replica_count())
        count = tf.minimum(penalized, batch)
        alpha = self.noise.uniform((batch, 1, 1, 1), "interpolation")[:count]
        interpolated = alpha * fake_images[:count] + (1.0 - alpha) * real_images[:count]
        with tf.GradientTape() as tape:
            tape.watch(interpolated)
            output = self._call_discriminator(LabelledImages(interpolated, {}), training=training)
            scores = mean_scores(output.scores)
        gradient = tf.cast(tape.gradient(scores, interpolated), tf.float32)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + _TINY)
        penalty = mean_of_first(tf.square(norm - 1.0), penalized, batch)
        self.track(gradient_penalty=penalty)
        return penalty

    def _penalized_count(self, batch: tf.Tensor) -> tf.Tensor:
        """Returns how many images of a batch are penalized, rounded up."""
        # 0.07 * 100 is 7.000000000000001, which must count as 7.
        part = self.penalized_fraction * tf.cast(batch, tf.float64) * (1.0 - 1e-12)
        return tf.cast(tf.math.ceil(part), tf.int32)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "penalty_weight": self.penalty_weight,
            "penalized_fraction": self.penalized_fraction,
        }
