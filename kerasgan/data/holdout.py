"""Held-out images, which are not trained on."""

import hashlib
from dataclasses import replace

import numpy as np

from kerasgan.data.image_set import ImageSet, check_is_image_set
from kerasgan.errors import UserError


def holdout_split(image_set: ImageSet, fraction: float = 0.05) -> tuple[ImageSet, ImageSet]:
    """Splits images into those to train on and those to hold out.

    A hash of an image's pixels decides where it goes, so this does not depend on other images or
    their order, and exact copies stay together. A class that would have no image to train on keeps
    its images, and their copies in other classes stay with them. The default is that of the
    GANGogh article.

    Args:
        image_set: The images; they are read once, and not copied.
        fraction: The expected fraction of held-out images, in (0, 1).

    Returns:
        The images to train on, and the held-out ones.

    Raises:
        UserError: The fraction is out of range, or one of the two sets would be empty.
    """
    check_is_image_set(image_set)
    if not 0 < fraction < 1:
        raise UserError(f"fraction must be in (0, 1). Received: fraction={fraction!r}")
    digests = b"".join(
        hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=8).digest()
        for image in image_set.images
    )
    numbers = np.frombuffer(digests, "<u8")
    held_out = numbers / 2.0**64 < fraction
    for labels in image_set.labels.values():
        held_out &= np.isin(labels, labels[~held_out]) | (labels < 0)
    held_out &= ~np.isin(numbers, numbers[~held_out])
    if held_out.all() or not held_out.any():
        raise UserError(
            f"{len(image_set)} images are too few to be split: give more images or a fraction "
            f"closer to 0.5. Received: fraction={fraction!r}"
        )
    return image_set.take(np.flatnonzero(~held_out)), image_set.take(np.flatnonzero(held_out))


def is_of_train(split: str) -> bool:
    """Tells whether a split in TFDS's notation is the split `"train"`, or consists of its parts."""
    return all(part.partition("[")[0].strip() == "train" for part in split.split("+"))


def labelled_like(image_set: ImageSet, other: ImageSet) -> ImageSet:
    """Returns images with the label sets and the class numbers of another set.

    This numbers a test split like the training images, some classes of which may have been left
    out. Images of classes that `other` does not have are left out too.

    Args:
        image_set: The images, with at least the label sets of `other`.
        other: The set whose label sets and class numbers are used.

    Raises:
        UserError: No image has a label in each label set of `other`.
    """
    labels = {}
    for name, known in other.class_names.items():
        numbers = {class_name: number for number, class_name in enumerate(known)}
        # One more element than there are classes, so that the label -1 indexes the last one.
        table = [numbers.get(class_name, -1) for class_name in image_set.class_names.get(name, ())]
        of_set = image_set.labels.get(name, np.full(len(image_set), -1))
        labels[name] = np.array([*table, -1], np.int32)[of_set]
    rows = np.flatnonzero(np.all([numbers >= 0 for numbers in labels.values()], axis=0))
    if not len(rows):
        raise UserError(
            f"none of the held-out images has one of the known labels in each of "
            f"{', '.join(labels)}: hold out other images, or none"
        )
    labelled = replace(image_set, labels=labels, class_names=dict(other.class_names))
    return labelled.take(rows)
