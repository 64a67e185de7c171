"""Differentiable augmentation of what the discriminator sees."""

from collections.abc import Sequence

import tensorflow as tf

from kerasgan.models.base.noise import Noise
from kerasgan.one_or_more import one_or_more

POLICIES = ("color", "translation", "cutout")

# Fractions of the side, as in the paper.
_LARGEST_TRANSLATION = 1 / 8
_CUTOUT = 1 / 2


def check_policies(
    policies: Sequence[str] | None, image_shape: tuple[int | None, ...]
) -> tuple[str, ...]:
    """Returns the policies as a tuple.

    Args:
        policies: Any of `POLICIES`; `None` is none.
        image_shape: `(height, width, channels)` of the images, of which sides may be unknown.

    Raises:
        ValueError: One of them is unknown, or moves images whose sides are unknown.
    """
    policies = () if policies is None else tuple(one_or_more(policies))
    if unknown := [policy for policy in policies if policy not in POLICIES]:
        raise ValueError(
            f"diff_augment takes any of {POLICIES}. Received: diff_augment={unknown[0]!r}"
        )
    moving = [policy for policy in policies if policy != "color"]
    if moving and None in image_shape:
        raise ValueError(
            "diff_augment takes only 'color' for a generator of images of unknown sides. "
            f"Received: diff_augment={moving[0]!r}"
        )
    return policies


def diff_augment(
    images: tf.Tensor,
    policies: Sequence[str],
    *,
    low: float,
    high: float,
    noise: Noise,
    purpose: str,
) -> tf.Tensor:
    """Varies images at random, differentiably.

    A discriminator soon memorizes a small data set. Here it sees reals and fakes only through
    random transformations T: it discriminates T(x) from T(G(z)). The generator's gradient flows
    back through T, so that the images themselves stay free of it.

    - `"color"`: brightness, saturation and contrast, in this order.
    - `"translation"`: by up to an eighth of the side each way, over the middle of the range.
    - `"cutout"`: a square of half the side, anywhere, filled with the middle of the range.

    Args:
        images: float32 `(batch, height, width, channels)` in `[low, high]`.
        policies: Which of them to apply; they are applied in the order given.
        low: Lower end of the range of the images.
        high: Upper end of it.
        noise: The random numbers of the batch.
        purpose: What the images are seen for; different purposes vary them differently.

    Returns:
        float32, of the same shape; colours may leave the range, as in the paper.

    Reference:
        Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", 2020,
        https://arxiv.org/abs/2006.10738, section 3.2 and appendix.
    """
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    images = (images - middle) / half
    for policy in policies:
        images = {"color": _color, "translation": _translation, "cutout": _cutout}[policy](
            images, noise, f"{purpose} {policy}"
        )
    return images * half + middle


def _color(images: tf.Tensor, noise: Noise, purpose: str) -> tf.Tensor:
    draws = noise.uniform((3, tf.shape(images)[0], 1, 1, 1), purpose, axis=1)
    brightness, saturation, contrast = draws[0] - 0.5, draws[1] * 2.0, draws[2] + 0.5
    images = images + brightness
    grey = tf.reduce_mean(images, axis=3, keepdims=True)
    images = (images - grey) * saturation + grey
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    return (images - mean) * contrast + mean


def _translation(images: tf.Tensor, noise: Noise, purpose: str) -> tf.Tensor:
    batch, (height, width) = tf.shape(images)[0], images.shape[1:3]
    draws = noise.uniform((2, batch), purpose, axis=1)
    # As products with shift matrices, whose gradients, and the gradients of those, are products
    # too: several times faster than gathers, whose gradients scatter.
    rows = _shift_matrices(draws[0], height)
    columns = _shift_matrices(draws[1], width)
    images = tf.einsum("bij,bjwc->biwc", rows, images)
    return tf.einsum("bkw,biwc->bikc", columns, images)


def _shift_matrices(draws: tf.Tensor, side: int) -> tf.Tensor:
    """Returns `(batch, side, side)` matrices that shift a side by a random number of pixels."""
    largest = int(side * _LARGEST_TRANSLATION + 0.5)
    shifts = tf.cast(draws * (2 * largest + 1), tf.int32) - largest
    source = tf.range(side)[None, :] - shifts[:, None]
    return tf.one_hot(source, side)  # Rows from outside are zero, the middle of the range.


def _cutout(images: tf.Tensor, noise: Noise, purpose: str) -> tf.Tensor:
    batch, (height, width) = tf.shape(images)[0], images.shape[1:3]
    draws = noise.uniform((2, batch), purpose, axis=1)
    rows = _covered(draws[0], height)
    columns = _covered(draws[1], width)
    hole = tf.cast(rows[:, :, None, None] & columns[:, None, :, None], images.dtype)
    return images * (1.0 - hole)


def _covered(draws: tf.Tensor, side: int) -> tf.Tensor:
    """Returns which pixels of a side a hole covers, its centre anywhere on the side."""
    length = int(side * _CUTOUT + 0.5)
    first = tf.cast(draws * (side + 1 - length % 2), tf.int32) - length // 2
    distance = tf.range(side)[None, :] - first[:, None]
    return (distance >= 0) & (distance < length)
