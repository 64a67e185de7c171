"""Class heads on a discriminator, and a generator that is asked for classes."""

import keras
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.judged import Judged
from kerasgan.models.number_checks import check_not_negative


class AuxiliaryClassifier:
    """The class terms that ACGANs add to an adversarial objective.

    A discriminator C(c|x) has, beside its scores, the logits of each label set; a generator
    G(z, c) takes labels beside its latents. With several label sets, such as genre and style, the
    terms add up over the sets.

    Mixed into an objective, it brings `class_loss`, which it adds to the generator's loss, and
    the labels that fakes are asked for, uniform over the classes.

    Args:
        generator: Model from latents and labels to images.
        discriminator: Model from images to scores and the logits of each label set.
        class_weight: Weight of the class loss in the discriminator's loss, not negative.
        generator_class_weight: Weight of the class loss in the generator's loss, not negative.
        **kwargs: The objective's.
    """

    takes_classes = True
    draws_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
        **kwargs,
    ) -> None:
        check_not_negative(class_weight=class_weight, generator_class_weight=generator_class_weight)
        super().__init__(generator, discriminator, **kwargs)
        if self.condition != tuple(self.classes):
            raise ValueError(
                "The generator must take the labels that the discriminator tells apart. Received: "
                f"generator taking {list(self.condition)}, discriminator with heads "
                f"{list(self.classes)}"
            )
        self.class_weight = class_weight
        self.generator_class_weight = generator_class_weight

    def draw_labels(self, count: tf.Tensor | int, purpose: str) -> dict[str, tf.Tensor]:
        """Draws labels for fakes, uniform over the classes of each label set."""
        return {
            name: stateless.integers(
                (count,),
                classes,
                seed=self.seed,
                step=self.batches_seen.value,
                purpose=f"{purpose} {name}",
            )
            for name, classes in self.classes.items()
        }

    def generator_loss(self, fake: Judged) -> tf.Tensor:
        """Returns the objective's L_G + generator_class_weight class_loss, a scalar."""
        class_loss = self.class_loss(fake)
        self.track(generator_class_loss=class_loss)
        return super().generator_loss(fake) + self.generator_class_weight * class_loss

    def class_loss(self, judged: Judged) -> tf.Tensor:
        """Returns E[-log C(c|x)], a scalar, summed over the label sets."""
        return tf.add_n(
            [
                tf.reduce_mean(
                    tf.nn.sparse_softmax_cross_entropy_with_logits(judged.labels[name], logits)
                )
                for name, logits in judged.class_logits.items()
            ]
        )

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "class_weight": self.class_weight,
            "generator_class_weight": self.generator_class_weight,
        }
