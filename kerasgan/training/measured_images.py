"""The images that a recipe's model is measured against."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.data import ImageSet
from kerasgan.data.holdout import labelled_like
from kerasgan.errors import UserError
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import images_of, training_and_held_out


def measured_images(
    recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
) -> tuple[ImageSet, ImageSet | None]:
    """Returns the images that a recipe trains on, and the held-out ones if there are any.

    They are decoded as for training, but not augmented. Of images that the recipe cuts at random,
    the middle is cut. Where the recipe names no label sets, they keep those in which each image
    has a label.

    Held out are the images that the recipe holds out, or else those of the split `"test"` of a
    recipe that trains on `"train"`.

    Raises:
        UserError: There is no such data, or no image of a class that the recipe names.
    """
    images = images_of(recipe, data, progress=progress)
    if recipe.data.labels:
        images = images.select(recipe.data.labels, recipe.data.classes)
    else:
        images = images.select([name for name in images.labels if images.labels[name].min() >= 0])
    held_out = None
    if recipe.data.holdout:
        images, held_out = training_and_held_out(recipe, images, data, progress=progress)
    elif recipe.data.split == "train":
        held_out = _test_split(recipe, images, data, progress=progress)
    side = recipe.data.side
    return _middle(images, side), None if held_out is None else _middle(held_out, side)


def _test_split(
    recipe: Recipe, images: ImageSet, data: str | Path | None, *, progress: bool
) -> ImageSet | None:
    section = msgspec.structs.replace(recipe.data, split="test")
    try:
        tests = images_of(msgspec.structs.replace(recipe, data=section), data, progress=progress)
        return labelled_like(tests, images) if images.labels else tests.select()
    except UserError:  # most data have no such split
        return None


def _middle(images: ImageSet, side: int) -> ImageSet:
    """Returns the images cut to their middle, `side` pixels wide and high."""
    start = (images.images.shape[1] - side) // 2
    if start == 0:
        return images
    cut = np.asarray(images.images)[:, start : start + side, start : start + side]
    return replace(images, images=np.ascontiguousarray(cut), images_fingerprint="")
