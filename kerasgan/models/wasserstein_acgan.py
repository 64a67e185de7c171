"""The auxiliary classifier on a Wasserstein critic, as in GANGogh."""

import keras
import tensorflow as tf

from kerasgan.models.auxiliary_classifier import AuxiliaryClassifier
from kerasgan.models.judged import Judged
from kerasgan.models.wgan_gp import WGANGP

PRETRAINING_LOSSES = ("full", "class")


@keras.saving.register_keras_serializable("kerasgan")
class WassersteinACGAN(AuxiliaryClassifier, WGANGP):
    """The objective of GANGogh: an auxiliary classifier on the Wasserstein-GP critic.

    The critic f has class heads C(c|x). The players minimize

        L_C = E_z[f(G(z, c))] - E_x[f(x)] + lambda E_xhat[(||grad f(xhat)||_2 - 1)^2]
              + class_weight E_x[-log C(c|x)]
        L_G = -E_z[f(G(z, c))] + generator_class_weight E_z[-log C(c|G(z, c))]

    Only reals teach the class heads; through them the class gradient reaches the generator.

    For the first `pretraining` batches the critic moves alone, against the untrained generator;
    with `pretraining_loss="class"` the first two terms are left out meanwhile, so that it learns
    to tell classes only.

    Args:
        generator: Model from latents and labels to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)` and the
            logits of each label set.
        pretraining_loss: `"full"`, as published, or `"class"`.
        **kwargs: The weights of `AuxiliaryClassifier`; those of `WGANGP`, `CriticFirst` and
            `AdversarialModel`.

    Reference:
        Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017.
    """

    metric_names = (*WGANGP.metric_names, "class_loss", "class_accuracy", "generator_class_loss")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        pretraining_loss: str = "full",
        **kwargs,
    ) -> None:
        if pretraining_loss not in PRETRAINING_LOSSES:
            raise ValueError(
                f"pretraining_loss must be one of {PRETRAINING_LOSSES}. "
                f"Received: pretraining_loss={pretraining_loss!r}"
            )
        super().__init__(generator, discriminator, **kwargs)
        self.pretraining_loss = pretraining_loss

    def discriminator_loss(self, real: Judged, fake: Judged) -> tf.Tensor:
        """Returns L_C, a scalar."""
        class_loss = self.class_loss(real)
        self.track(class_loss=class_loss, class_accuracy=self.class_accuracy(real))
        loss = super().discriminator_loss(real, fake)
        if self.pretraining_loss == "class":
            distance = tf.reduce_mean(real.scores) - tf.reduce_mean(fake.scores)
            loss += tf.where(self.is_pretraining, distance, 0.0)
        return loss + self.class_weight * class_loss

    def get_config(self) -> dict:
        return {**super().get_config(), "pretraining_loss": self.pretraining_loss}
