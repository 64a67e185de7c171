"""A schedule that holds a discriminator back."""

import math
from numbers import Real

import msgspec
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.errors import shortened

_PUBLISHED = {
    "ha_text": {
        "handicap": 4,
        "generator_loss_below": 0.80,
        "discriminator_loss_above": 0.45,
    },
    "ha_code": {
        "handicap": 4,
        "stop_generator_below": 0.6,
        "generator_loss_below": 0.75,
        "discriminator_loss_above": 0.6,
    },
}


class HandicapSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Handicap and threshold gating: the generator moves first, and more often.

    On every batch the generator makes `handicap` updates, each on fresh latents. Then the
    discriminator makes one update on the batch and fresh fakes, unless it is too far ahead: it
    moves only if

        L_G < generator_loss_below   and   L_D > discriminator_loss_above

    where L_G is the generator's loss in its last update and L_D the discriminator's loss on this
    batch, with the terms of classes and styles and of feature matching that a model adds to them,
    but without R1 and the loss of an autoencoder.

    Ha's text has a handicap of 4 to 8 and a gate at 0.80 and 0.45; his code has a handicap of 4
    that stops below 0.6, and a gate at 0.75 and 0.6. `named` returns either. They are made for the
    losses of `GAN` and `VAEGAN`, near log 2 in a balanced game; other objectives take other bounds.

    Attributes:
        handicap: Generator updates per batch, at least 1.
        stop_generator_below: Loss L_G below which the generator makes no further update on a
            batch; `None` makes all of them.
        generator_loss_below: First bound of the gate; `None` leaves it out.
        discriminator_loss_above: Second bound of the gate; `None` leaves it out.

    Example:
    >>> HandicapSchedule.named("ha_code").generator_loss_below
    0.75

    Reference:
        Ha, "Generating Large Images from Latent Vectors", 2016 (handicap and threshold gating).
    """

    handicap: int = 1
    stop_generator_below: float | None = None
    generator_loss_below: float | None = None
    discriminator_loss_above: float | None = None

    def __post_init__(self) -> None:
        handicap = whole_number("handicap", self.handicap, least=1)
        msgspec.structs.force_setattr(self, "handicap", handicap)
        bounds = ("stop_generator_below", "generator_loss_below", "discriminator_loss_above")
        for name in bounds:
            value = getattr(self, name)
            if value is None:
                continue
            if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
                raise ValueError(f"{name} must be a finite number. Received: {name}={value!r}")

    @classmethod
    def named(cls, name: str) -> "HandicapSchedule":
        """Returns a published schedule.

        Args:
            name: `"ha_text"` or `"ha_code"`: that of Ha's text, with the lowest of its handicaps,
                or that of his code.

        Raises:
            ValueError: There is no schedule of that name.
        """
        if name not in _PUBLISHED:
            raise ValueError(
                f"The schedules that have names are {', '.join(_PUBLISHED)}. "
                f"Received: {shortened(repr(name))}"
            )
        return cls(**_PUBLISHED[name])

    def gate_is_open(self, generator_loss: tf.Tensor, discriminator_loss: tf.Tensor) -> tf.Tensor:
        """Returns whether the discriminator may move, a boolean scalar."""
        is_open = tf.constant(True)
        if self.generator_loss_below is not None:
            is_open &= generator_loss < self.generator_loss_below
        if self.discriminator_loss_above is not None:
            is_open &= discriminator_loss > self.discriminator_loss_above
        return is_open
