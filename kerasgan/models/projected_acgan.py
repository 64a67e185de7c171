"""The projected GAN with an auxiliary classifier."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.base.shared_fakes_model import SharedFakesModel
from kerasgan.models.loss_terms import class_accuracy, class_loss
from kerasgan.models.projected_gan import ProjectedGAN


@keras.saving.register_keras_serializable("kerasgan")
class ProjectedACGAN(ProjectedGAN):
    """A projected GAN that draws classes: `ProjectedGAN` with the classifier of an AC-GAN.

    The discriminator C(c|x) has, beside the scores of `ProjectedGAN`, the logits of each label set,
    from the same features; the generator G(z, c) takes labels beside its latents. With the hinge
    losses of `ProjectedGAN` and T the differentiable augmentation, the players minimize

        L_D = L_D(hinge) + class_weight E_x[-log C(c|T(x))]
        L_G = L_G(hinge) + generator_class_weight E_z[-log C(c|T(G(z, c)))]

    As in GANGogh, and unlike in the paper on AC-GANs, the classifier learns from reals alone: fakes
    that do not show their classes yet would only mislead it. Fakes have the labels of the batch's
    reals, so of several label sets the generator learns the combinations that there are. With
    several label sets the class terms add up over the sets.

    Sauer et al. show the labels to the discriminator instead.

    Args:
        generator: Model from latents and labels to images, ending in tanh.
        discriminator: Model from images to scores `(batch, ..., 1)` and the logits of each label
            set: `kerasgan.networks.projected_classifier`.
        class_weight: Weight of the class loss in L_D, at least 0. It is not the `class_weight` of
            Keras's `fit`, which `fit` here refuses.
        generator_class_weight: Weight of the class loss in L_G, at least 0.
        diff_augment, ema_decay, image_range, seed, name: As in `ProjectedGAN`.
        class_names: The name of each class of each label set, for `generate`.

    Example:
    >>> classes = {"style": 7}
    >>> generator = residual_generator(image_size=64, channels=3, classes=classes)
    >>> gan = ProjectedACGAN(generator, projected_classifier(image_size=64, classes=classes))
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=100)

    References:
        Sauer, Chitta, Müller and Geiger, "Projected GANs Converge Faster", 2021,
        https://arxiv.org/abs/2111.01007.
        Odena, Olah and Shlens, "Conditional Image Synthesis With Auxiliary Classifier GANs", 2017,
        https://arxiv.org/abs/1610.09585, equation 3.
    """

    metric_names = (
        *ProjectedGAN.metric_names,
        "class_loss",
        "class_accuracy",
        "generator_class_loss",
    )
    takes_classes = True
    draws_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
        diff_augment: Sequence[str] = ("color", "translation", "cutout"),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        check_not_negative(class_weight=class_weight, generator_class_weight=generator_class_weight)
        # `ProjectedGAN` itself draws no classes, so it takes no names of them.
        SharedFakesModel.__init__(
            self,
            generator,
            discriminator,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.class_weight = class_weight
        self.generator_class_weight = generator_class_weight

    def labels_of_fakes(self, reals: LabelledImages, purpose: str) -> dict[str, tf.Tensor]:
        """Returns the labels of the reals."""
        return reals.labels

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        classes = class_loss(real)
        self.track(class_loss=classes, class_accuracy=class_accuracy(real))
        return super().discriminator_loss(real, fake) + self.class_weight * classes

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        classes = class_loss(fake)
        self.track(generator_class_loss=classes)
        return super().generator_loss(real, fake) + self.generator_class_weight * classes

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "class_weight": self.class_weight,
            "generator_class_weight": self.generator_class_weight,
        }
