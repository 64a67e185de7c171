"""The schedule of objectives whose discriminator can be held back."""

import keras
import tensorflow as tf

from kerasgan.models.adversarial_model import AdversarialModel
from kerasgan.models.judged import Labelled
from kerasgan.models.number_checks import whole_number


class Gated(AdversarialModel):
    """The generator moves first; the discriminator follows if it is not too far ahead.

    Every batch, the generator makes `handicap` updates, each on fresh latents; then the
    discriminator makes one on the batch and fresh fakes. Threshold gating holds the discriminator
    back while it is ahead: it moves only if

        L_G < generator_loss_below   and   L_D > discriminator_loss_above

    A subclass gives the losses L_D and L_G.

    Args:
        generator: As in `AdversarialModel`.
        discriminator: As in `AdversarialModel`.
        handicap: Generator updates per batch, at least 1.
        generator_loss_below: Upper bound of the gate; `None` leaves it open.
        discriminator_loss_above: Lower bound of the gate; `None` leaves it open.
        **kwargs: Those of `AdversarialModel`.

    Reference:
        Ha, "Generating Large Images from Latent Vectors", 2016 (handicap and threshold gating).
    """

    metric_names = ("generator_loss", "discriminator_loss", "gate_open")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        handicap: int = 1,
        generator_loss_below: float | None = None,
        discriminator_loss_above: float | None = None,
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        self.handicap = whole_number("handicap", handicap, least=1)
        self.generator_loss_below = generator_loss_below
        self.discriminator_loss_above = discriminator_loss_above

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes `handicap` generator updates, then one discriminator update if the gate opens."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # Nothing moves before they are checked.
            for turn in range(self.handicap):
                generator_loss = self.update_generator(reals, turn)
            self.update_discriminator(reals, generator_loss)
            self.batches_seen.assign_add(1)
        return self.results()

    def update_discriminator(self, reals: Labelled, generator_loss: tf.Tensor) -> None:
        """Makes one discriminator update on the reals and fresh fakes if the gate is open."""
        fakes = self.draw(reals.images, "discriminator latents")
        with tf.GradientTape() as tape:
            real, fake = self.judge(reals, fakes, "discriminator")
            loss = self.discriminator_loss(real, fake)
        gate_is_open = self.gate(generator_loss, loss)
        tf.cond(
            gate_is_open,
            lambda: self.minimize(self.discriminator_optimizer, loss, tape, self.discriminator),
            lambda: None,
        )
        self.track(discriminator_loss=loss, gate_open=tf.cast(gate_is_open, tf.float32))

    def gate(self, generator_loss: tf.Tensor, discriminator_loss: tf.Tensor) -> tf.Tensor:
        """Returns whether the discriminator may move, a boolean scalar."""
        is_open = tf.constant(True)
        if self.generator_loss_below is not None:
            is_open &= generator_loss < self.generator_loss_below
        if self.discriminator_loss_above is not None:
            is_open &= discriminator_loss > self.discriminator_loss_above
        return is_open

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "handicap": self.handicap,
            "generator_loss_below": self.generator_loss_below,
            "discriminator_loss_above": self.discriminator_loss_above,
        }
