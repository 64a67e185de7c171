"""Random variations of the training images."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.data.python_step import python_step
from kerasgan.errors import UserError
from kerasgan.randomness import stateless

# In grey levels of 255, in every channel. JPEG leaves traces of this size around a subject.
_TOLERANCE = 8


@dataclass(frozen=True)
class Augmentation:
    """Random flips, shifts and crops, chosen anew for each image of each batch.

    Flips and shifts are the augmentation of section 4.2 of the Pokémon WGAN report: "Flip images
    both horizontally and vertically", and "Crop blank area of one side and pad the other side" in
    the four directions. Crops are that of the CPPN-GAN-VAE: 26x26 pixels of MNIST's 28x28.

    Attributes:
        flip_horizontal: Whether half of the images are mirrored left to right.
        flip_vertical: Whether half of the images are turned upside down.
        shift: The largest shift as a fraction of the side, in [0, 1). Each image stays, or moves
            left, right, up or down, with equal probability, by a whole number of pixels chosen
            uniformly from 0 to the smaller of this and the blank margin on that side, so that the
            subject is never cut. Shifts come before flips.
        random_crop: Side in pixels of the square that is cut out of each image, at a place chosen
            uniformly; None for whole images. Crops come after shifts and before flips.

    Raises:
        UserError: A flip is not a bool, the shift is not a number in [0, 1), or the crop is not
            an integer of at least 1.
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
        if self.random_crop is not None:
            crop = whole_number("random_crop", self.random_crop, least=1)
            object.__setattr__(self, "random_crop", crop)

    def output_size(self, image_size: int) -> int:
        """Returns the side of the augmented images.

        Args:
            image_size: The side of the images in pixels.

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
        self,
        images: tf.Tensor,
        *,
        seed: int,
        step: tf.Tensor,
        background: Sequence[int],
        part: tuple[int | tf.Tensor, int] = (0, 1),
    ) -> tf.Tensor:
        """Returns the augmented images, a pure function of the arguments.

        Args:
            images: uint8 `(batch, height, width, channels)`.
            seed: The run's seed.
            step: Scalar int64: the number of the batch.
            background: One value in 0..255 per channel: the colour of blank and of padded pixels.
            part: Which part of the batch the images are, from 0, and of how many of its size.

        Returns:
            uint8 `(batch, height, width, channels)`, or `(batch, crop, crop, channels)`.

        Raises:
            UserError: The crop is larger than the images.
        """
        if self == Augmentation():
            return images
        height, width = _sides(images)
        known = images.shape[0]
        batch = tf.shape(images)[0] if known is None else known

        def random_integers(below: int, purpose: str) -> tf.Tensor:
            shape = (batch * part[1], 1)
            draws = stateless.integers(shape, below, seed=seed, step=step, purpose=purpose)
            return _own(draws, part)

        # The row and the column of the window's first pixel in the image.
        corners = tf.zeros((batch, 2), tf.int32)
        size = (height, width)
        if self.shift:
            corners -= self._offsets(images, batch, seed, step, background, part)
        if self.random_crop is not None:
            crop = self.output_size(min(height, width))
            size = (crop, crop)
            corners += tf.concat(
                [
                    random_integers(height - crop + 1, "crop row"),
                    random_integers(width - crop + 1, "crop column"),
                ],
                1,
            )
        flips = [
            random_integers(2, purpose) if is_on else tf.zeros((batch, 1), tf.int32)
            for is_on, purpose in (
                (self.flip_vertical, "flip vertical"),
                (self.flip_horizontal, "flip horizontal"),
            )
        ]

        def windows(images: np.ndarray, corners: np.ndarray, flips: np.ndarray) -> np.ndarray:
            return cut_out(images, corners, flips, size, background)

        flips = tf.cast(tf.concat(flips, 1), tf.bool)
        moved = python_step(windows, [images, corners, flips], tf.uint8)
        return tf.ensure_shape(moved, (images.shape[0], *size, images.shape[3]))

    def _offsets(
        self,
        images: tf.Tensor,
        batch: int | tf.Tensor,
        seed: int,
        step: tf.Tensor,
        background: Sequence[int],
        part: tuple[int | tf.Tensor, int],
    ) -> tf.Tensor:
        """Returns how many pixels each image moves down and right, int32 `(batch, 2)`."""
        height, width = _sides(images)
        limits = [math.floor(self.shift * side) for side in (width, width, height, height)]
        # Columns: left, right, up, down, and not at all.
        margins = python_step(lambda batch: largest_shifts(batch, background), [images], tf.int32)
        allowed = tf.minimum(tf.ensure_shape(margins, (images.shape[0], 4)), limits)
        allowed = tf.pad(allowed, [[0, 0], [0, 1]])
        units = tf.constant([[0, -1], [0, 1], [-1, 0], [1, 0], [0, 0]], tf.int32)

        key, whole = {"seed": seed, "step": step}, batch * part[1]
        direction = stateless.integers((whole,), 5, **key, purpose="shift direction")
        amount = stateless.uniform((whole, 1), **key, purpose="shift amount")
        direction, amount = _own(direction, part), _own(amount, part)
        allowed = tf.gather(allowed, direction[:, None], batch_dims=1)
        # Rounding a uniform number down gives each of 0 .. allowed the same chance.
        distance = tf.cast(amount * tf.cast(allowed + 1, tf.float32), tf.int32)
        return tf.gather(units, direction) * tf.minimum(distance, allowed)


def largest_shifts(images: np.ndarray, background: Sequence[int]) -> np.ndarray:
    """Returns how far each image can move left, right, up and down without cutting its subject.

    A pixel is blank if every channel is within 8 levels of the background; the margin on a side is
    its number of entirely blank columns or rows. Moving left crops the left margin.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        background: One value in 0..255 per channel.

    Returns:
        int32 `(batch, 4)`, in pixels: left, right, up, down.
    """
    _, height, width, channels = images.shape
    # Whole lines at a time, because numpy is slow on runs of one pixel.
    line = np.tile(np.array(background, np.int16), width)
    darkest = np.clip(line - _TOLERANCE, 0, 255).astype(np.uint8)
    brightest = np.clip(line + _TOLERANCE, 0, 255).astype(np.uint8)
    shifts = np.empty((len(images), 4), np.int32)
    for image, shift in zip(images, shifts, strict=True):
        lines = image.reshape(height, width * channels)
        blank = (lines >= darkest) & (lines <= brightest)
        columns, rows = blank.all(0).reshape(width, channels).all(1), blank.all(1)
        shift[:] = [_leading(side) for side in (columns, columns[::-1], rows, rows[::-1])]
    return shifts


def cut_out(
    images: np.ndarray,
    corners: np.ndarray,
    flips: np.ndarray,
    size: tuple[int, int],
    background: Sequence[int],
) -> np.ndarray:
    """Returns a window of each image, and flips it.

    Crops, shifts, flips and all combinations of them are one such step. It is written in numpy,
    which copies runs of pixels; TensorFlow gathers single pixels, which takes five times as long.

    Args:
        images: uint8 `(batch, height, width, channels)`.
        corners: int `(batch, 2)`: the row and the column of each window's first pixel. Where a
            window reaches beyond its image, it shows the background.
        flips: bool `(batch, 2)`: whether to turn each window upside down, and whether to mirror it
            left to right.
        size: Height and width of the windows.
        background: One value in 0..255 per channel.

    Returns:
        uint8 `(batch, *size, channels)`.
    """
    height, width = images.shape[1:3]
    windows = np.empty((len(images), *size, images.shape[3]), np.uint8)
    blank = np.tile(np.array(background, np.uint8), (size[1], 1))
    for image, window, (top, left), (is_turned, is_mirrored) in zip(
        images, windows, corners.tolist(), flips.tolist(), strict=True
    ):
        bottom, right = top + size[0], left + size[1]
        if min(top, left) < 0 or bottom > height or right > width:
            window[...] = blank
        seen = image[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        upright = window[:: -1 if is_turned else 1, :: -1 if is_mirrored else 1]
        shown = upright[max(-top, 0) :, max(-left, 0) :][: seen.shape[0], : seen.shape[1]]
        if is_mirrored:
            # Channel by channel, because numpy is slow on runs of one pixel.
            for channel in range(images.shape[3]):
                shown[..., channel] = seen[..., channel]
        else:
            shown[...] = seen
    return windows


def _own(draws: tf.Tensor, part: tuple[int | tf.Tensor, int]) -> tf.Tensor:
    """Returns the draws of a part of a batch."""
    index, count = part
    if count == 1:
        return draws
    return tf.reshape(draws, [count, -1, *draws.shape[1:]])[index]


def _sides(images: tf.Tensor) -> tuple[int, int]:
    """Returns the height and the width of images, which are known when a graph is traced."""
    _, height, width, _ = images.shape.as_list()
    if height is None or width is None:
        raise UserError(f"images must have a known size. Received: {images.shape}")
    return height, width


def _leading(blank: np.ndarray) -> int:
    """Returns how many values precede the first False."""
    return len(blank) if blank.all() else int(blank.argmin())
