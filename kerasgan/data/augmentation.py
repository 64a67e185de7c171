"""Variations of the training images."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import tensorflow as tf

from kerasgan import stateless
from kerasgan.data.shift import largest_shifts, shifted
from kerasgan.errors import UserError


@dataclass(frozen=True)
class Augmentation:
    """Random flips and shifts, drawn anew for each image of each batch.

    The augmentation of section 4.2 of the Pokémon WGAN report: "Flip images both horizontally and
    vertically", and "Crop blank area of one side and pad the other side" in the four directions.

    Attributes:
        flip_horizontal: Whether half of the images are mirrored left to right.
        flip_vertical: Whether half of the images are turned upside down.
        shift: The largest shift as a fraction of the side, in [0, 1). Each image stays, or moves
            left, right, up or down, with equal probability, by a whole number of pixels drawn
            uniformly from 0 to the smaller of this and the blank margin on that side: the subject
            is never cut.

    Raises:
        UserError: A flip is not a bool, or the shift not a number in [0, 1).
    """

    flip_horizontal: bool = False
    flip_vertical: bool = False
    shift: float = 0.0

    def __post_init__(self) -> None:
        for name in ("flip_horizontal", "flip_vertical"):
            if not isinstance(getattr(self, name), bool):
                raise UserError(
                    f"{name} must be true or false. Received: {name}={getattr(self, name)!r}"
                )
        number = isinstance(self.shift, int | float) and not isinstance(self.shift, bool)
        if not number or not 0 <= self.shift < 1:
            raise UserError(
                f"shift must be a fraction of the side in [0, 1). Received: shift={self.shift!r}"
            )

    def __call__(
        self, images: tf.Tensor, *, seed: int, step: tf.Tensor, background: Sequence[int]
    ) -> tf.Tensor:
        """Returns the images, each varied; a pure function of its arguments.

        Args:
            images: uint8 `(batch, height, width, channels)`.
            seed: The run's seed.
            step: Scalar int64: the number of the batch.
            background: One value in 0..255 per channel: what is blank, and what is padded.
        """
        batch = images.shape[0] if images.shape[0] is not None else tf.shape(images)[0]

        def coin(purpose: str) -> tf.Tensor:
            draw = stateless.integers((batch, 1, 1, 1), 2, seed=seed, step=step, purpose=purpose)
            return draw == 1

        if self.flip_horizontal:
            images = tf.where(coin("flip horizontal"), tf.reverse(images, [2]), images)
        if self.flip_vertical:
            images = tf.where(coin("flip vertical"), tf.reverse(images, [1]), images)
        if self.shift:
            direction = stateless.integers(
                (batch,), 5, seed=seed, step=step, purpose="shift direction"
            )
            amount = stateless.uniform((batch,), seed=seed, step=step, purpose="shift amount")
            images = self._shift(images, direction, amount, background)
        return images

    def _shift(
        self,
        images: tf.Tensor,
        direction: tf.Tensor,
        amount: tf.Tensor,
        background: Sequence[int],
    ) -> tf.Tensor:
        """Shifts by `amount`, in [0, 1), of what is allowed; direction 4 is to stay."""
        height, width = images.shape[1:3]
        limits = [math.floor(self.shift * side) for side in (width, width, height, height)]
        # Columns: left, right, up, down, stay.
        allowed = tf.minimum(largest_shifts(images, background), tf.constant(limits, tf.int32))
        allowed = tf.pad(allowed, [[0, 0], [0, 1]])
        allowed = tf.gather(allowed, direction, batch_dims=1)
        # Flooring a uniform draw gives each of 0 .. allowed the same chance.
        distance = tf.cast(amount * tf.cast(allowed + 1, tf.float32), tf.int32)
        distance = tf.minimum(distance, allowed)
        unit = tf.constant([[0, -1], [0, 1], [-1, 0], [1, 0], [0, 0]], tf.int32)
        return shifted(images, tf.gather(unit, direction) * distance[:, None], background)
