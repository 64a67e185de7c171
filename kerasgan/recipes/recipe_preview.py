"""The images of a recipe as its model sees them."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.data import Augmentation, ImageSet
from kerasgan.data.preview import preview
from kerasgan.recipes.own_pictures import recipe_for_data
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import RecipeImages


@dataclass(frozen=True, eq=False)
class RecipePreview:
    """A preview of the images that a recipe trains on.

    Attributes:
        pictures: uint8 `(count, side, side, channels)`.
        images: All images of the recipe.
        changes: The keys that were changed for the data, as `"key: before -> after"`.
    """

    pictures: np.ndarray
    images: ImageSet
    changes: list[str]


def preview_recipe(
    recipe: Recipe,
    data: str | Path | None = None,
    *,
    count: int = 32,
    seed: int | None = None,
    progress: bool = False,
) -> RecipePreview:
    """Returns the first images that a recipe trains on, in its size, fit and augmentation.

    They are those of its first batches, unless there are fewer images than a batch has. What an
    objective itself does to its images, such as `diff_augment`, is not shown.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.
        count: Number of images.
        seed: Seed of their order and augmentation; by default the recipe's.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: There is no such data, or `count` is too small or too large.
    """
    written, recipe = recipe, recipe_for_data(recipe, data)
    training = recipe.training
    images = RecipeImages(
        msgspec.structs.replace(recipe, training=msgspec.structs.replace(training, batch_size=1)),
        data,
        progress=progress,
    )
    pictures = preview(
        images.training,
        augmentation=Augmentation(**msgspec.to_builtins(recipe.data.augmentation)),
        balanced=recipe.data.balanced,
        batch_size=min(training.batch_size, len(images.training)),
        count=count,
        seed=training.seed if seed is None else seed,
    )
    return RecipePreview(pictures, images.all, written.differences(recipe))
