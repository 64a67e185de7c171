"""The images of a recipe."""

from pathlib import Path

import msgspec

from kerasgan.data import ImageSet, holdout_split, load_images
from kerasgan.data.holdout import labelled_like
from kerasgan.data.load import own_test_split
from kerasgan.data.sources.catalog import how_to_get, is_downloaded
from kerasgan.errors import UserError
from kerasgan.recipes.recipe import Recipe


def load_recipe_images(
    recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
) -> ImageSet:
    """Loads the images that a recipe trains on, from `data` or the recipe's own path.

    Raises:
        UserError: There is no such data, or it is too little for a batch.
    """
    images = images_of(recipe, data, progress=progress)
    images = images.select(recipe.data.labels, recipe.data.classes)
    if len(images) < recipe.training.batch_size:
        raise UserError(
            f"training.batch_size is {recipe.training.batch_size}, but "
            f"{_path(recipe, data) or recipe.data.source} "
            f"has only {len(images)} readable images; give more images or --set "
            f"training.batch_size={len(images)}"
        )
    return images


def images_of(
    recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
) -> ImageSet:
    """Loads the images of a recipe's source, with every label set of the source.

    Raises:
        UserError: There is no such data.
    """
    section = recipe.data
    path = _path(recipe, data)
    if path is None and not is_downloaded(section.source):
        how = section.help or how_to_get(section.source)
        raise UserError(f"This recipe needs images: give --data PATH. {how}".strip())
    return _load(recipe, path, section.split, progress=progress)


def training_and_held_out(
    recipe: Recipe, images: ImageSet, data: str | Path | None, *, progress: bool
) -> tuple[ImageSet, ImageSet | None]:
    """Returns the images to train on and those held out, see `DataSection`."""
    path = _path(recipe, data)
    if not recipe.data.holdout:
        return images, None
    if (split := own_test_split(recipe.data.source, path)) is None:
        return holdout_split(images, recipe.data.holdout)
    return images, labelled_like(_load(recipe, path, split, progress=progress), images)


def with_classes(recipe: Recipe, images: ImageSet) -> Recipe:
    """Returns the recipe with the classes of its label sets as the images have them."""
    classes = {name: list(images.class_names[name]) for name in recipe.data.labels}
    data = msgspec.structs.replace(recipe.data, classes=classes)
    return msgspec.structs.replace(recipe, data=data)


def _path(recipe: Recipe, data: str | Path | None) -> str | Path | None:
    return data or recipe.data.path or None


def _load(recipe: Recipe, path: str | Path | None, split: str, *, progress: bool) -> ImageSet:
    section = recipe.data
    return load_images(
        section.source,
        path=path,
        image_size=section.image_size,
        channels=section.channels,
        fit=section.fit,
        background=section.background,
        split=split,
        progress=progress,
    )
