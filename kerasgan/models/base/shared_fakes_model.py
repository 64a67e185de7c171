"""The step in which both players move on the same fakes."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import LabelledImages


class SharedFakesModel(AdversarialModel):
    """Base class: each batch is one update of the discriminator and then one of the generator.

    Both are made on the same fakes, which saves drawing them twice; the generator's goes by the
    discriminator that has moved. Subclasses define the losses, and
    `update_discriminator_on` if there is more to it than the discriminator's. What this step does
    not have, such as `n_critic` or a schedule, it does not take; nor does it call
    `generator_is_due`, `update_discriminator` or `update_generator`.

    Args:
        generator, discriminator, diff_augment, ema_decay, image_range, seed, class_names, name: As
            in `AdversarialModel`.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        diff_augment: Sequence[str] = (),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            generator,
            discriminator,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes one update of the discriminator and one of the generator, on the same fakes."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # No weight moves before the checks.
            with tf.GradientTape() as tape:
                fakes = self.draw_fakes(reals, "latents")
                # The discriminator's update is no part of the generator's gradient.
                with tape.stop_recording():
                    self.update_discriminator_on(reals, fakes)
                loss = self.generator_loss_on(reals, fakes, "generator")
            self.minimize(self.generator_optimizer, loss, tape, *self.generator_networks)
            self.track(generator_loss=loss)
            self.update_ema()
            self.batches_seen.assign_add(1)
        return self.results()

    def update_discriminator_on(self, reals: LabelledImages, fakes: LabelledImages) -> None:
        """Makes one update of the discriminator's networks on given fakes.

        Args:
            reals: The reals.
            fakes: As many fakes.
        """
        with tf.GradientTape() as tape:
            real, fake = self.discriminate_both(reals, fakes, "discriminator")
            loss = self.discriminator_loss(real, fake)
        self.minimize(self.discriminator_optimizer, loss, tape, *self.discriminator_networks)
        self.track(discriminator_loss=loss)
