"""The auxiliary classifier on a Wasserstein critic, as in GANGogh."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_between, check_choice, check_not_negative, whole_number
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.loss_terms import class_accuracy, class_loss
from kerasgan.models.wgan_gp import WGANGP

PRETRAINING_LOSSES = ("full", "class")


@keras.saving.register_keras_serializable("kerasgan")
class WassersteinACGAN(WGANGP):
    """The objective of GANGogh: an auxiliary classifier on the Wasserstein-GP critic.

    The critic f has class heads C(c|x). The players minimize

        L_D = E_z[f(G(z, c))] - E_x[f(x)] + lambda E_xhat[(||grad f(xhat)||_2 - 1)^2]
              + class_weight E_x[-log C(c|x)]
        L_G = -E_z[f(G(z, c))] + generator_class_weight E_z[-log C(c|G(z, c))]

    Only reals teach the class heads; through them the class gradient reaches the generator.

    For the first `pretraining` batches the critic moves alone, against the untrained generator;
    with `pretraining_loss="class"` the first two terms of L_D are left out during these, so that
    it learns only to tell the classes.

    The fakes' labels are uniform over the classes of each label set, drawn for each set by itself.
    With `labels_of_reals` they are those of the batch's reals instead: of several label sets, such
    as genre and style, the generator then learns the combinations that there are paintings of, as
    often as there are, and the critic cannot tell fakes by combinations that there are none of.

    The step, the critic's first terms and the penalty are those of `WGANGP`.

    Args:
        generator: Model from latents and labels to images, ending in sigmoid or tanh.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)` and the
            logits of each label set.
        class_weight: Weight of the class loss in the discriminator's loss, at least 0. It is not
            the `class_weight` of Keras's `fit`, which `fit` here refuses.
        generator_class_weight: Weight of the class loss in the generator's loss, at least 0.
        pretraining: Batches at the beginning during which only the critic moves, at least 0.
        pretraining_loss: `"full"`, as published, or `"class"`; see above.
        labels_of_reals: Whether fakes have the labels of the batch's reals; see above.
        class_smoothing: Label smoothing of the discriminator's class loss, in [0, 1): how much of
            each target is spread evenly over all classes.
        penalty_weight, penalized_fraction, n_critic: As in `WGANGP`.
        joint_batches, diff_augment, feature_matching_weight, ema_decay, image_range, seed,
            class_names, name: As in `AdversarialModel`.

    Example:
    >>> classes = {"genre": 10}
    >>> gan = WassersteinACGAN(
    ...     gangogh_generator(classes=classes, image_size=32, base_width=8),
    ...     gangogh_critic(classes=classes, image_size=32, base_width=8),
    ...     pretraining=1000,
    ... )
    >>> gan.compile()
    >>> gan.generate(2, labels=[3, 7]).shape
    (2, 32, 32, 3)

    Reference:
        Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017.
    """

    metric_names = (*WGANGP.metric_names, "class_loss", "class_accuracy", "generator_class_loss")
    takes_classes = True
    draws_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
        pretraining: int = 0,
        pretraining_loss: str = "full",
        labels_of_reals: bool = False,
        class_smoothing: float = 0.0,
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
        check_not_negative(class_weight=class_weight, generator_class_weight=generator_class_weight)
        check_choice(PRETRAINING_LOSSES, pretraining_loss=pretraining_loss)
        check_between(0.0, 1.0, "[)", class_smoothing=class_smoothing)
        pretraining = whole_number("pretraining", pretraining, least=0)
        super().__init__(
            generator,
            discriminator,
            penalty_weight=penalty_weight,
            penalized_fraction=penalized_fraction,
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
        self.class_weight = class_weight
        self.generator_class_weight = generator_class_weight
        self.pretraining = pretraining
        self.pretraining_loss = pretraining_loss
        self.labels_of_reals = labels_of_reals
        self.class_smoothing = class_smoothing

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)

    def generator_is_due(self, batches: tf.Tensor) -> tf.Tensor:
        """Returns whether the generator moves after this batch; never during the pretraining."""
        return super().generator_is_due(batches) & (batches > self.pretraining)

    def labels_of_fakes(self, reals: LabelledImages, purpose: str) -> dict[str, tf.Tensor]:
        """Returns the labels of the reals if `labels_of_reals`, or else random ones."""
        return reals.labels if self.labels_of_reals else super().labels_of_fakes(reals, purpose)

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        classes = class_loss(real, self.class_smoothing)
        self.track(class_loss=classes, class_accuracy=class_accuracy(real))
        loss = super().discriminator_loss(real, fake)
        if self.pretraining_loss == "class":
            # Cancel the Wasserstein terms, the first two of L_D, which are minus the distance.
            distance = tf.reduce_mean(real.scores) - tf.reduce_mean(fake.scores)
            is_pretraining = self.batches_seen.value < self.pretraining
            loss += tf.where(is_pretraining, distance, 0.0)
        return loss + self.class_weight * classes

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
            "pretraining": self.pretraining,
            "pretraining_loss": self.pretraining_loss,
            "labels_of_reals": self.labels_of_reals,
            "class_smoothing": self.class_smoothing,
        }
