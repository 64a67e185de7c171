"""The auxiliary classifier GAN."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative
from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.gan import GAN
from kerasgan.models.loss_terms import class_accuracy, class_loss
from kerasgan.models.schedule import HandicapSchedule


@keras.saving.register_keras_serializable("kerasgan")
class ACGAN(GAN):
    """The auxiliary classifier GAN of Odena et al., on the vanilla objective.

    A discriminator C(c|x) has, beside its scores, the logits of each label set; a generator
    G(z, c) takes labels beside its latents. The log-likelihoods of the right source and of the
    right class are

        L_S = E_x[log D(x)] + E_z[log(1 - D(G(z, c)))]                          (equation 2)
        L_C = E_x[log C(c|x)] + E_z[log C(c|G(z, c))]                           (equation 3)

    The discriminator maximizes L_S + L_C, the generator L_C - L_S; so they minimize

        L_D = -1/2 L_S - class_weight L_C
        L_G = -E_z[log D(G(z, c))] - generator_class_weight E_z[log C(c|G(z, c))]

    `GAN` halves L_S, so the default `class_weight` of 1 gives the classes twice the paper's weight
    in L_D; 0.5 gives the paper's.

    With several label sets the class terms add up over the sets.

    Args:
        generator: Model from latents and labels to images, ending in sigmoid or tanh.
        discriminator: Model from images to logits `(batch, 1)` and the logits of each label set.
        class_weight: Weight of L_C in L_D, at least 0; 0.5 is the paper's ratio. It is not the
            `class_weight` of Keras's `fit`, which `fit` here refuses.
        generator_class_weight: Weight of the classes of fakes in L_G, at least 0.
        label_smoothing: As in `GAN`.
        n_critic, schedule, joint_batches, diff_augment, feature_matching_weight, r1_weight,
            ema_decay, image_range, seed, class_names, name: As in `AdversarialModel`.

    Example:
    >>> classes = {"genre": 10}
    >>> gan = ACGAN(
    ...     residual_generator(classes=classes, image_size=32, base_width=8),
    ...     residual_discriminator(classes=classes, image_size=32, base_width=8),
    ... )
    >>> gan.compile()
    >>> gan.generate(2, labels=[3, 7]).shape
    (2, 32, 32, 3)

    Reference:
        Odena, Olah and Shlens, "Conditional Image Synthesis With Auxiliary Classifier GANs",
        2017, https://arxiv.org/abs/1610.09585, equations 2 and 3; appendix A has the default
        optimizers.
    """

    metric_names = (*GAN.metric_names, "class_loss", "class_accuracy", "generator_class_loss")
    takes_classes = True
    draws_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
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
        check_not_negative(class_weight=class_weight, generator_class_weight=generator_class_weight)
        super().__init__(
            generator,
            discriminator,
            label_smoothing=label_smoothing,
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
        self.class_weight = class_weight
        self.generator_class_weight = generator_class_weight

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        loss = class_loss(real) + class_loss(fake)
        self.track(class_loss=loss, class_accuracy=class_accuracy(real))
        return super().discriminator_loss(real, fake) + self.class_weight * loss

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        loss = class_loss(fake)
        self.track(generator_class_loss=loss)
        return super().generator_loss(real, fake) + self.generator_class_weight * loss

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "class_weight": self.class_weight,
            "generator_class_weight": self.generator_class_weight,
        }
