"""The images of a recipe as its model sees them."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kerasgan.data import Augmentation, ImageSet
from kerasgan.data.source_preview import SourcePreview, preview_source
from kerasgan.recipes.own_pictures import lost_colours, recipe_for_data
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import RecipeImages


@dataclass(frozen=True, eq=False)
class RecipePreview:
    """A preview of the images that a recipe trains on.

    Attributes:
        shown: The first images of the training.
        images: All images of the recipe.
        changes: The keys that were changed for the data, as `"key: before -> after"`.
    """

    shown: SourcePreview
    images: ImageSet
    changes: list[str]


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
    section = recipe.data
    shown = preview_source(
        images.training,
        section.source,
        path=data or section.path or None,
        split=section.split,
        fit=section.fit,
        augmentation=Augmentation(**msgspec.to_builtins(section.augmentation)),
        balanced=section.balanced,
        batch_size=min(training.batch_size, len(images.training)),
        count=count,
        seed=training.seed if seed is None else seed,
        name_files=name_files,
    )
    remarks = [*shown.remarks, *lost_colours(recipe, data)]
    return RecipePreview(
        dataclasses.replace(shown, remarks=remarks), images.all, written.differences(recipe)
    )
