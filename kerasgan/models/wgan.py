"""The Wasserstein GAN with weight clipping."""

import keras
import tensorflow as tf

from kerasgan.models.critic_first import CriticFirst
from kerasgan.models.judged import Judged, Labelled

CLIPPED_WEIGHTS = ("trainable", "kernels")


@keras.saving.register_keras_serializable("kerasgan")
class WGAN(CriticFirst):
    """The Wasserstein GAN of Arjovsky et al., its critic kept Lipschitz by weight clipping.

    The players minimize

        L_C = E_z[f(G(z))] - E_x[f(x)]
        L_G = -E_z[f(G(z))]

    and after each of its updates the critic's weights are clipped to [-clip_value, clip_value].

    The paper clips "the weights". With `clipped_weights="trainable"` that is all the optimizer
    moves: kernels, biases, and the gammas and betas of normalizations; with `"kernels"`, only
    convolution and dense kernels. Moving statistics are never clipped.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        clip_value: Largest absolute value of a clipped weight, positive.
        clipped_weights: `"trainable"` or `"kernels"`.
        **kwargs: `n_critic` and `pretraining` of `CriticFirst`; the rest of `AdversarialModel`.

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017,
        https://arxiv.org/abs/1701.07875, algorithm 1.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        clip_value: float = 0.01,
        clipped_weights: str = "trainable",
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        if not clip_value > 0.0:
            raise ValueError(f"clip_value must be positive. Received: clip_value={clip_value}")
        if clipped_weights not in CLIPPED_WEIGHTS:
            raise ValueError(
                f"clipped_weights must be one of {CLIPPED_WEIGHTS}. "
                f"Received: clipped_weights={clipped_weights!r}"
            )
        self.clip_value = clip_value
        self.clipped_weights = clipped_weights

    def discriminator_loss(self, real: Judged, fake: Judged) -> tf.Tensor:
        """Returns L_C, a scalar."""
        return tf.reduce_mean(fake.scores) - tf.reduce_mean(real.scores)

    def update_critic(self, reals: Labelled) -> None:
        """Makes one critic update on the reals and fresh fakes, then clips the weights."""
        super().update_critic(reals)
        self.clip_weights()

    def clip_weights(self) -> None:
        """Clips the critic's weights to [-clip_value, clip_value]."""
        for weight in self.critic.trainable_variables:
            if self.clipped_weights == "trainable" or weight.name == "kernel":
                weight.assign(tf.clip_by_value(weight.value, -self.clip_value, self.clip_value))

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "clip_value": self.clip_value,
            "clipped_weights": self.clipped_weights,
        }
