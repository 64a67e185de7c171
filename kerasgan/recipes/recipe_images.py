"""The images of a recipe: for training, for holding out, and for measuring its models."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.data import ImageSet, holdout_split, load_images
from kerasgan.data.holdout import labelled_like
from kerasgan.data.load import own_test_split
from kerasgan.data.sources.catalog import how_to_get, is_downloaded, source_of
from kerasgan.data.sources.tfds_source import is_on_disk
from kerasgan.errors import UserError
from kerasgan.recipes.own_pictures import recipe_for_data
from kerasgan.recipes.recipe import Recipe


def load_recipe_images(
    recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
) -> ImageSet:
    """Loads the images of a recipe, including those that it holds out.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: There is no such data, or there are fewer images than a batch has.
    """
    images = _source_images(recipe, data, recipe.data.split, progress=progress)
    images = images.select(recipe.data.labels, recipe.data.classes)
    if len(images) < recipe.training.batch_size:
        raise UserError(
            f"training.batch_size is {recipe.training.batch_size}, but "
            f"{data or recipe.data.path or recipe.data.source} has only {len(images)} readable "
            f"images; give more, of which 100 are a good beginning, or override the recipe by "
            f"training.batch_size={len(images)} (on the command line after --set)"
        )
    return images


def missing_download(recipe: Recipe, data: str | Path | None = None) -> bool:
    """Tells whether loading a recipe's images would first download them.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.
    """
    source = source_of(recipe.data.source)
    if data or recipe.data.path or not is_downloaded(source):
        return False
    return not is_on_disk(source.removeprefix("tfds:"), None)


def training_and_held_out(
    recipe: Recipe, images: ImageSet, data: str | Path | None, *, progress: bool
) -> tuple[ImageSet, ImageSet | None]:
    """Splits the images of a recipe into those to train on and those that `data.holdout` holds out.

    The second is `None` if the recipe holds out no images.
    """
    if not recipe.data.holdout:
        return images, None
    split = own_test_split(recipe.data.source, data or recipe.data.path or None)
    if split is None:
        try:
            return holdout_split(images, recipe.data.holdout)
        except UserError as error:
            raise UserError(f"data.holdout: {error}; 0 holds out none") from None
    return images, labelled_like(_source_images(recipe, data, split, progress=progress), images)


def with_classes(recipe: Recipe, images: ImageSet) -> Recipe:
    """Returns the recipe with `data.classes` filled in: the class names that the images have."""
    classes = {name: list(images.class_names[name]) for name in recipe.data.labels}
    data = msgspec.structs.replace(recipe.data, classes=classes)
    return msgspec.structs.replace(recipe, data=data)


def measured_images(
    recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
) -> tuple[ImageSet, ImageSet | None]:
    """Returns the images to measure a recipe's models against, and the held-out images.

    The first are the images that the recipe trains on, without augmentation. If the data are not
    the recipe's own, the recipe is changed for them; see `recipe_for_data`. If it crops images at
    random, only the middle of each image is returned. If it names no label sets, the images keep
    the label sets in which every image has a label. The held-out images are those that the recipe
    holds out. If it holds out none and trains on the split `"train"`, or on a part of it, they are
    the split `"test"`, or `None` if there is no such split.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: There is no such data, or no image of a class that the recipe names.
    """
    recipe = recipe_for_data(recipe, data)
    images = _source_images(recipe, data, recipe.data.split, progress=progress)
    if recipe.data.labels:
        images = images.select(recipe.data.labels, recipe.data.classes)
    else:
        images = images.select([name for name in images.labels if images.labels[name].min() >= 0])
    held_out = None
    if recipe.data.holdout:
        images, held_out = training_and_held_out(recipe, images, data, progress=progress)
    elif recipe.data.split.partition("[")[0] == "train":
        held_out = _test_split(recipe, images, data, progress=progress)
    side = recipe.data.side
    return _middle(images, side), None if held_out is None else _middle(held_out, side)


def _source_images(
    recipe: Recipe, data: str | Path | None, split: str, *, progress: bool
) -> ImageSet:
    """Loads the images of a recipe's source, with all label sets that the source has."""
    section = recipe.data
    path = data or section.path or None
    if path is None and not is_downloaded(section.source):
        how = section.help or how_to_get(section.source)
        raise UserError(f"This recipe needs images: pass data=PATH. {how}".strip())
    return load_images(
        section.source,
        path=path,
        image_size=section.image_size,
        channels=section.channels,
        fit=section.fit,
        background=section.background,
        split=split,
        stream=section.stream,
        progress=progress,
    )


def _test_split(
    recipe: Recipe, images: ImageSet, data: str | Path | None, *, progress: bool
) -> ImageSet | None:
    try:
        tests = _source_images(recipe, data, "test", progress=progress)
        return labelled_like(tests, images) if images.labels else tests.select()
    except UserError:  # most data have no such split
        return None


def _middle(images: ImageSet, side: int) -> ImageSet:
    """Crops each image to the square of `side` pixels in its middle."""
    start = (images.images.shape[1] - side) // 2
    if start == 0:
        return images
    cut = np.asarray(images.images)[:, start : start + side, start : start + side]
    return replace(images, images=np.ascontiguousarray(cut), images_fingerprint="")
