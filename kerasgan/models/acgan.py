"""The auxiliary classifier GAN."""

import keras
import tensorflow as tf

from kerasgan.models.auxiliary_classifier import AuxiliaryClassifier
from kerasgan.models.gan import GAN
from kerasgan.models.judged import Judged


@keras.saving.register_keras_serializable("kerasgan")
class ACGAN(AuxiliaryClassifier, GAN):
    """The auxiliary classifier GAN of Odena et al., on the vanilla objective.

    The source term L_S is that of `GAN`; the class term is the log-likelihood of the right class,
    of reals and of fakes,

        L_C = E_x[log C(c|x)] + E_z[log C(c|G(z, c))]

    The discriminator maximizes L_S + L_C, the generator L_C - L_S; so they minimize

        L_D = GAN's L_D - class_weight L_C
        L_G = -E_z[log D(G(z, c))] - generator_class_weight E_z[log C(c|G(z, c))]

    Args:
        generator: Model from latents and labels to images, ending in sigmoid or tanh.
        discriminator: Model from images to logits `(batch, 1)` and the logits of each label set.
        **kwargs: The weights of `AuxiliaryClassifier`; those of `GAN`, `Gated` and
            `AdversarialModel`.

    Reference:
        Odena, Olah and Shlens, "Conditional Image Synthesis With Auxiliary Classifier GANs",
        2017, https://arxiv.org/abs/1610.09585, equations 2 and 3.
    """

    metric_names = (*GAN.metric_names, "class_loss", "class_accuracy", "generator_class_loss")

    def discriminator_loss(self, real: Judged, fake: Judged) -> tf.Tensor:
        """Returns L_D, a scalar."""
        class_loss = self.class_loss(real) + self.class_loss(fake)
        self.track(class_loss=class_loss, class_accuracy=self.class_accuracy(real))
        return super().discriminator_loss(real, fake) + self.class_weight * class_loss
