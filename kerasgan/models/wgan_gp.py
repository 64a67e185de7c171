"""The Wasserstein GAN with gradient penalty."""

import keras
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.critic_first import CriticFirst
from kerasgan.models.judged import Judged
from kerasgan.models.number_checks import check_not_negative

# Inside the root, whose gradient at zero would be infinite.
_EPSILON = 1e-12


@keras.saving.register_keras_serializable("kerasgan")
class WGANGP(CriticFirst):
    """The Wasserstein GAN of Gulrajani et al., its critic kept Lipschitz by a gradient penalty.

    The players minimize

        L_C = E_z[f(G(z))] - E_x[f(x)] + lambda E_xhat[(||grad f(xhat)||_2 - 1)^2]
        L_G = -E_z[f(G(z))]

    where xhat = alpha G(z) + (1 - alpha) x, with one alpha, uniform in [0, 1), for each sample.

    The penalty is one for each image, so a critic that normalizes over the batch does not fit it:
    use none, or layer normalization (section 4 of the paper).

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        penalty_weight: lambda, not negative.
        penalized_fraction: The part of each batch, in (0, 1], on which the penalty is taken. Less
            than 1 is faster; the estimate stays unbiased but becomes noisier.
        **kwargs: `n_critic` and `pretraining` of `CriticFirst`; the rest of `AdversarialModel`.

    Reference:
        Gulrajani et al., "Improved Training of Wasserstein GANs", 2017,
        https://arxiv.org/abs/1704.00028, equation 3 and algorithm 1.
    """

    metric_names = (*CriticFirst.metric_names, "gradient_penalty")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        penalty_weight: float = 10.0,
        penalized_fraction: float = 1.0,
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        check_not_negative(penalty_weight=penalty_weight)
        if not 0.0 < penalized_fraction <= 1.0:
            raise ValueError(
                "penalized_fraction must be in (0, 1]. "
                f"Received: penalized_fraction={penalized_fraction}"
            )
        self.penalty_weight = penalty_weight
        self.penalized_fraction = penalized_fraction

    def discriminator_loss(self, real: Judged, fake: Judged) -> tf.Tensor:
        """Returns L_C, a scalar."""
        return (
            tf.reduce_mean(fake.scores)
            - tf.reduce_mean(real.scores)
            + self.penalty_weight * self.gradient_penalty(real.images, fake.images)
        )

    def gradient_penalty(self, real_images: tf.Tensor, fake_images: tf.Tensor) -> tf.Tensor:
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
            scores = self.outputs_of(self.critic(interpolated, training=True))[0]
        gradient = tf.cast(tape.gradient(scores, interpolated), tf.float32)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + _EPSILON)
        penalty = tf.reduce_mean(tf.square(norm - 1.0))
        self.track(gradient_penalty=penalty)
        return penalty

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "penalty_weight": self.penalty_weight,
            "penalized_fraction": self.penalized_fraction,
        }
