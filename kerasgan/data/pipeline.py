"""The endless, reproducible stream of training batches."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import whole_number
from kerasgan.data.augmentation import Augmentation
from kerasgan.data.image_set import ImageSet, check_is_image_set
from kerasgan.data.order import balanced_indices, shuffled_indices
from kerasgan.data.python_step import python_step
from kerasgan.errors import UserError, did_you_mean

# Measured: two workers are several times as fast as training; more would only take its cores.
_WORKERS = 2
_DTYPES = ("float32", "uint8")


class Share(NamedTuple):
    """Some of the parts of one size that each batch is divided into.

    Attributes:
        first: The number of the first of them, from 0.
        count: How many there are of them, which follow one another.
        total: How many parts a batch has.
    """

    first: int
    count: int
    total: int


_WHOLE = Share(0, 1, 1)


def training_dataset(
    image_set: ImageSet,
    *,
    batch_size: int,
    seed: int,
    start: int = 0,
    augmentation: Augmentation | None = None,
    balanced: str | None = None,
    dtype: str = "float32",
    share: Share = _WHOLE,
) -> tf.data.Dataset:
    """Returns an endless dataset of shuffled batches.

    Batch number k is a pure function of (image set, batch size, seed, k), so a dataset with
    `start=k` continues exactly where another one is after k batches, and starts at once. Every
    epoch visits each image exactly once; a batch may span two epochs. With `balanced`, the classes
    take turns instead, so that each batch has as many images of each as can be, in a random order,
    and each class has its own epochs.

    Args:
        image_set: The images; they are read from their file batch by batch.
        batch_size: Images per batch, at most the size of the set.
        seed: Any integer.
        start: Number of the first batch.
        augmentation: The augmentation of the images, or None.
        balanced: Name of the label set whose classes appear equally often, or None. Images
            without a label in it do not appear.
        dtype: `"float32"`, or `"uint8"`, which takes a quarter of the memory; models accept both.
        share: Which parts of every batch to give, one after the other; by default all of it.

    Returns:
        A dataset of images `(batch_size, size, size, channels)`, float32 in [0, 1] or uint8;
        `size` is that of the crop if the images are cropped. If the set has labels, a dataset of
        tuples `(images, labels)`, where the labels are int32 `(batch_size,)`, or a dictionary of
        such by label set if there are several label sets.

    Raises:
        UserError: `image_set` is not an `ImageSet`, the batch is larger than the set, a number is
            too small or not an integer, the crop is larger than the images, or a class to be
            balanced has no image.
    """
    check_is_image_set(image_set)
    batch_size = whole_number("batch_size", batch_size, least=1)
    start = whole_number("start", start, least=0)
    seed = whole_number("seed", seed)
    if dtype not in _DTYPES:
        raise UserError(f"dtype must be one of {_DTYPES}. Received: dtype={dtype!r}")
    if batch_size % share.total:
        raise UserError(
            f"batch_size={batch_size} cannot be divided into {share.total} parts of one size: use "
            "a multiple of it"
        )
    size = len(image_set)
    if batch_size > size:
        raise UserError(
            f"batch_size={batch_size} is larger than the set of {size} images: "
            f"use a batch of at most {size}, or more images"
        )
    image_shape = image_set.images.shape[1:]
    if augmentation is not None:
        # Checked before the graph is traced, where TensorFlow would bury the message.
        augmentation.output_size(image_shape[0])
    order = stream_order(image_set, batch_size=batch_size, seed=seed, balanced=balanced)
    part_size = batch_size // share.total

    # Nothing in it needs AutoGraph, which would rewrite all that it calls: seconds of every start.
    @tf.autograph.experimental.do_not_convert
    def batch(number: tf.Tensor) -> Any:
        step, part = number // share.count, share.first + tf.math.floormod(number, share.count)
        first = step * batch_size + part * part_size
        positions = first + tf.range(part_size, dtype=tf.int64)
        indices = tf.ensure_shape(order(positions), (part_size,))
        images = python_step(lambda chosen: image_set.images[chosen], [indices], tf.uint8)
        images = tf.ensure_shape(images, (part_size, *image_shape))
        if augmentation is not None:
            images = augmentation(
                images,
                seed=seed,
                step=step,
                background=image_set.background,
                part=(part, share.total),
            )
        if dtype == "float32":
            images = tf.cast(images, tf.float32) / 255
        labels = {
            name: tf.gather(tf.constant(numbers, tf.int32), indices)
            for name, numbers in image_set.labels.items()
        }
        if not labels:
            return images
        return images, labels if len(labels) > 1 else next(iter(labels.values()))

    options = tf.data.Options()
    # Measured: autotuning takes processor time from training, and gains nothing.
    options.autotune.enabled = False
    options.deterministic = True
    steps = tf.data.Dataset.counter(start * share.count, dtype=tf.int64)
    return (
        steps.map(batch, num_parallel_calls=_WORKERS, deterministic=True)
        .prefetch(_WORKERS)
        .with_options(options)
    )


def stream_order(
    image_set: ImageSet, *, batch_size: int, seed: int, balanced: str | None = None
) -> Callable[[tf.Tensor], tf.Tensor]:
    """Returns the order in which `training_dataset` visits the images of a set.

    Args:
        image_set: The images.
        batch_size: As in `training_dataset`.
        seed: As in `training_dataset`.
        balanced: As in `training_dataset`.

    Returns:
        A function of positions in the stream, int64 `(n,)`, ascending and spanning at most one
        epoch. It returns the indices of the images there, int64 `(n,)`.

    Raises:
        UserError: There is no such label set, or a class to be balanced has no image.
    """
    if balanced is None:
        return lambda positions: shuffled_indices(positions, len(image_set), seed=seed)
    members = _members(image_set, balanced)
    return lambda positions: balanced_indices(positions, members, batch_size=batch_size, seed=seed)


def _members(image_set: ImageSet, balanced: str) -> list[np.ndarray]:
    """Returns the indices of the images of each class."""
    if balanced not in image_set.labels:
        raise UserError(
            f'there is no label set "{balanced}" to balance'
            + did_you_mean(balanced, image_set.labels)
        )
    labels, names = image_set.labels[balanced], image_set.class_names[balanced]
    members = [np.flatnonzero(labels == number) for number in range(len(names))]
    for name, numbers in zip(names, members, strict=True):
        if not len(numbers):
            raise UserError(
                f'the class "{name}" of "{balanced}" has no image, so it cannot be balanced: '
                "leave it out with images.select"
            )
    return members
