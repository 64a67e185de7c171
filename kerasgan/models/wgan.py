"""The Wasserstein GAN with weight clipping."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_choice, check_positive
from kerasgan.models.base.batches import LabelledImages
from kerasgan.models.wgan_gp import WassersteinGAN

CLIPPED_WEIGHTS = ("trainable", "kernels")


@keras.saving.register_keras_serializable("kerasgan")
class WGAN(WassersteinGAN):
    """The Wasserstein GAN of Arjovsky et al., its critic kept Lipschitz by weight clipping.

    The critic f estimates the earth mover's distance between the data and the generator,

        W = max_f E_x[f(x)] - E_z[f(G(z))]                                      (equation 2)

    over Lipschitz functions. The players minimize

        L_D = E_z[f(G(z))] - E_x[f(x)]
        L_G = -E_z[f(G(z))]

    and after each of its updates the critic's weights are clipped to [-clip_value, clip_value].
    Each batch is one critic update; the generator moves after every `n_critic` of them
    (algorithm 1).

    The paper clips "the weights". With `clipped_weights="trainable"` that is all the optimizer
    moves: kernels, biases, and the gammas and betas of normalizations; with `"kernels"`, only
    the kernels of convolutions and dense layers. Moving statistics are never clipped.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        clip_value: Largest absolute value of a clipped weight, positive.
        clipped_weights: `"trainable"` or `"kernels"`.
        n_critic: Critic updates for each generator update, at least 1.
        joint_batches, diff_augment, feature_matching_weight, ema_decay, image_range, seed,
            class_names, name: As in `AdversarialModel`.

    Example:
    >>> gan = WGAN(generator, discriminator, clip_value=0.01)
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=10)

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017,
        https://arxiv.org/abs/1701.07875, equation 2 and algorithm 1, which has the default
        optimizers.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        clip_value: float = 0.01,
        clipped_weights: str = "trainable",
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
        check_positive(clip_value=clip_value)
        check_choice(CLIPPED_WEIGHTS, clipped_weights=clipped_weights)
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
        self.clip_value = clip_value
        self.clipped_weights = clipped_weights

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.RMSprop(5e-5)

    def update_discriminator(
        self, reals: LabelledImages, generator_loss: tf.Tensor | None = None
    ) -> None:
        """Makes one critic update on reals and fresh fakes, then clips the critic's weights."""
        super().update_discriminator(reals, generator_loss)
        self.clip_weights()

    def clip_weights(self) -> None:
        """Clips the critic's weights to [-clip_value, clip_value]."""
        for weight in self.critic.trainable_variables:
            if self.clipped_weights == "trainable" or weight.name.endswith("kernel"):
                weight.assign(tf.clip_by_value(weight.value, -self.clip_value, self.clip_value))

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "clip_value": self.clip_value,
            "clipped_weights": self.clipped_weights,
        }
