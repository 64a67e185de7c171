"""Variations of the training images."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from kerasgan import stateless
from kerasgan.data.cut_out import cut_out
from kerasgan.data.python_step import python_step
from kerasgan.data.shift import largest_shifts
from kerasgan.errors import UserError


@dataclass(frozen=True)
class Augmentation:
    """Random flips, shifts and crops, drawn anew for each image of each batch.

    The augmentation of section 4.2 of the Pokémon WGAN report: "Flip images both horizontally and
    vertically", and "Crop blank area of one side and pad the other side" in the four directions.
    And that of the CPPN-GAN-VAE: squares of 26 pixels from MNIST's 28.

    Attributes:
        flip_horizontal: Whether half of the images are mirrored left to right.
        flip_vertical: Whether half of the images are turned upside down.
        shift: The largest shift as a fraction of the side, in [0, 1). Each image stays, or moves
            left, right, up or down, with equal probability, by a whole number of pixels drawn
            uniformly from 0 to the smaller of this and the blank margin on that side: the subject
            is never cut. Shifts come before flips.
        random_crop: Side in pixels of the square that is cut out of each image, at a place drawn
            uniformly from all; None for whole images. Crops come after shifts and before flips.

    Raises:
        UserError: A flip is not a bool, the shift not a number in [0, 1), or the crop not a
            positive integer.
    """

    flip_horizontal: bool = False
    flip_vertical: bool = False
    shift: float = 0.0
    random_crop: int | None = None

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
        crop = self.random_crop
        if crop is not None and (not isinstance(crop, int) or isinstance(crop, bool) or crop < 1):
            raise UserError(
                f"random_crop must be a side in pixels, at least 1. Received: random_crop={crop!r}"
            )

    def output_size(self, image_size: int) -> int:
        """Returns the side of what images of side `image_size` become.

        Raises:
            UserError: The crop is larger than the images.
        """
        if self.random_crop is None:
            return image_size
        if self.random_crop > image_size:
            raise UserError(
                f"random_crop must be at most the side of the images, {image_size}. "
                f"Received: random_crop={self.random_crop}"
            )
        return self.random_crop

    def __call__(
        self, images: tf.Tensor, *, seed: int, step: tf.Tensor, background: Sequence[int]
    ) -> tf.Tensor:
        """Returns the images, each varied; a pure function of its arguments.

        Args:
            images: uint8 `(batch, height, width, channels)`.
            seed: The run's seed.
            step: Scalar int64: the number of the batch.
            background: One value in 0..255 per channel: what is blank, and what is padded.

        Returns:
            uint8 `(batch, height, width, channels)`, or `(batch, crop, crop, channels)`.

        Raises:
            UserError: The crop is larger than the images.
        """
        if self == Augmentation():
            return images
        height, width = images.shape[1:3]
        batch = images.shape[0] if images.shape[0] is not None else tf.shape(images)[0]

        def drawn(below: int, purpose: str) -> tf.Tensor:
            return stateless.integers((batch, 1), below, seed=seed, step=step, purpose=purpose)

        # The row and the column of the first pixel that is seen of the old image.
        corners = tf.zeros((batch, 2), tf.int32)
        size = (height, width)
        if self.shift:
            corners -= self._offsets(images, batch, seed, step, background)
        if self.random_crop is not None:
            size = (self.output_size(min(height, width)),) * 2
            rows, columns = (side - size[0] + 1 for side in (height, width))
            corners += tf.concat([drawn(rows, "crop row"), drawn(columns, "crop column")], 1)
        flips = [
            drawn(2, purpose) if is_on else tf.zeros((batch, 1), tf.int32)
            for is_on, purpose in (
                (self.flip_vertical, "flip vertical"),
                (self.flip_horizontal, "flip horizontal"),
            )
        ]

        def seen(images: np.ndarray, corners: np.ndarray, flips: np.ndarray) -> np.ndarray:
            return cut_out(images, corners, flips, size, background)

        flips = tf.cast(tf.concat(flips, 1), tf.bool)
        moved = python_step(seen, [images, corners, flips], tf.uint8)
        return tf.ensure_shape(moved, (images.shape[0], *size, images.shape[3]))

    def _offsets(
        self,
        images: tf.Tensor,
        batch: int | tf.Tensor,
        seed: int,
        step: tf.Tensor,
        background: Sequence[int],
    ) -> tf.Tensor:
        """Returns by how many pixels each image moves down and right, int32 `(batch, 2)`."""
        height, width = images.shape[1:3]
        limits = [math.floor(self.shift * side) for side in (width, width, height, height)]
        # Columns: left, right, up, down, stay.
        margins = python_step(lambda batch: largest_shifts(batch, background), [images], tf.int32)
        allowed = tf.minimum(tf.ensure_shape(margins, (images.shape[0], 4)), limits)
        allowed = tf.pad(allowed, [[0, 0], [0, 1]])
        units = tf.constant([[0, -1], [0, 1], [-1, 0], [1, 0], [0, 0]], tf.int32)

        direction = stateless.integers((batch,), 5, seed=seed, step=step, purpose="shift direction")
        amount = stateless.uniform((batch, 1), seed=seed, step=step, purpose="shift amount")
        allowed = tf.gather(allowed, direction[:, None], batch_dims=1)
        # Flooring a uniform draw gives each of 0 .. allowed the same chance.
        distance = tf.cast(amount * tf.cast(allowed + 1, tf.float32), tf.int32)
        return tf.gather(units, direction) * tf.minimum(distance, allowed)
