"""All that a training needs before its first step, checked."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from kerasgan.data import Augmentation, ImageSet
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.precision import resolve_precision
from kerasgan.recipes.build import build_model
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import (
    load_recipe_images,
    training_and_held_out,
    with_classes,
)
from kerasgan.training.run_folder import RunFolder


@dataclass(frozen=True)
class Preparation:
    """What a training trains, and on what.

    Attributes:
        recipe: The recipe, its precision and its classes resolved.
        recipe_text: The recipe in TOML, as it was given.
        model: The model, compiled, with the weights that the recipe's seed gives it.
        images: All images of the recipe.
        training_images: Those to train on.
        held_out: Those to classify only, if any.
        augmentation: How the images to train on are varied.
    """

    recipe: Recipe
    recipe_text: str
    model: AdversarialModel
    images: ImageSet
    training_images: ImageSet
    held_out: ImageSet | None
    augmentation: Augmentation


def prepare_training(
    recipe: Recipe,
    run: RunFolder,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
    progress: bool = False,
) -> Preparation:
    """Loads the data and builds the model of a training, and writes nothing to its run folder.

    What `train` refuses it refuses here, so that a dry run does too.

    Args:
        recipe: What to train.
        run: Where; it need not exist.
        data: Folder or file of the data; by default the recipe's.
        recipe_text: The recipe's own file.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: See `kerasgan.training.train.train`.
    """
    recipe = resolve_recipe(recipe, run)
    recipe_text = recipe_text or recipe.as_toml()
    if not run.exists:
        run.check_unused(recipe_text)
    # The quick checks come first: decoding the images of a large folder takes minutes.
    model = build_model(recipe) if recipe.classes_are_known else None
    augmentation = Augmentation(**msgspec.to_builtins(recipe.data.augmentation))
    images = load_recipe_images(recipe, data, progress=progress)
    if model is None:
        recipe = with_classes(recipe, images)
        model = build_model(recipe)
    if run.exists:
        _check_same_data(run, images)
    training_images, held_out = training_and_held_out(recipe, images, data, progress=progress)
    return Preparation(recipe, recipe_text, model, images, training_images, held_out, augmentation)


def resolve_recipe(recipe: Recipe, run: RunFolder) -> Recipe:
    """Fixes the precision, and refuses to resume a run with a recipe that differs from its own."""
    begun = run.recipe() if run.exists else None
    if begun:
        recipe = _with_classes_of(begun, recipe)
    if recipe.training.precision == "auto":
        precision = begun.training.precision if begun else resolve_precision("auto")
        training = msgspec.structs.replace(recipe.training, precision=precision)
        recipe = msgspec.structs.replace(recipe, training=training)
    if begun and (differences := begun.differences(recipe)):
        raise UserError(
            f"The training in {run.path} was begun with another recipe "
            f"({'; '.join(differences)}); give its own, or another folder with --out"
        )
    return recipe


def _with_classes_of(begun: Recipe, recipe: Recipe) -> Recipe:
    """Returns the recipe with the classes that it leaves to the data as the run found them."""
    found = {name: begun.data.classes.get(name) for name in recipe.data.labels}
    found = {name: classes for name, classes in found.items() if classes}
    data = msgspec.structs.replace(recipe.data, classes={**found, **recipe.data.classes})
    return msgspec.structs.replace(recipe, data=data)


def _check_same_data(run: RunFolder, images: ImageSet) -> None:
    begun = run.describe()["data"]
    if begun["fingerprint"] != images.fingerprint:
        raise UserError(
            f"The training in {run.path} was begun with other data ({begun['images']} images in "
            f"{begun['path']}); give the same, or another folder with --out"
        )
