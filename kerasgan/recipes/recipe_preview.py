"""The images of a recipe as its model sees them."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.data import Augmentation, ImageSet
from kerasgan.data.file_names import file_names
from kerasgan.data.one_colour import one_colour_summary
from kerasgan.data.preview import preview, preview_rows
from kerasgan.data.small_pictures import small_pictures_summary
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
        remarks: A line that counts the images that show nothing, and one that counts those that
            were enlarged, if there are any.
        files: The name of each picture's file, if they were requested.
    """

    pictures: np.ndarray
    images: ImageSet
    changes: list[str]
    remarks: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def preview_recipe(
    recipe: Recipe,
    data: str | Path | None = None,
    *,
    count: int = 32,
    seed: int | None = None,
    name_files: bool = False,
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
        name_files: Whether to name the file of each picture, which only folders and zips have.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: There is no such data, `count` is too small or too large, or the files have no
            names.
    """
    written, recipe = recipe, recipe_for_data(recipe, data)
    training = recipe.training
    images = RecipeImages(
        msgspec.structs.replace(recipe, training=msgspec.structs.replace(training, batch_size=1)),
        data,
        progress=progress,
    )
    shown = images.training
    section, seed = recipe.data, training.seed if seed is None else seed
    batch_size = min(training.batch_size, len(shown))
    pictures = preview(
        shown,
        augmentation=Augmentation(**msgspec.to_builtins(section.augmentation)),
        balanced=section.balanced,
        batch_size=batch_size,
        count=count,
        seed=seed,
    )
    files, path = [], data or section.path or None
    if name_files:
        names = file_names(shown, section.source, path=path, split=section.split)
        rows = preview_rows(
            shown, balanced=section.balanced, batch_size=batch_size, count=count, seed=seed
        )
        files = [names[row] for row in rows]
    of_files = {"source": section.source, "path": path, "split": section.split}
    small = {"image_size": section.image_size, "fit": section.fit}
    remarks = [
        *one_colour_summary(shown, **of_files),
        *small_pictures_summary(shown, **of_files, **small),
    ]
    return RecipePreview(pictures, images.all, written.differences(recipe), remarks, files)
