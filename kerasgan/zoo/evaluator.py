"""From the names of models to their measures."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kerasgan.data import ImageSet
from kerasgan.metrics import Evaluation, Reference
from kerasgan.metrics import evaluate as evaluate_model
from kerasgan.training.recipe import Recipe
from kerasgan.training.recipe_file import read_recipe
from kerasgan.training.recipe_images import images_of
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo.entries import find
from kerasgan.zoo.opener import open_model


def evaluate(
    models: Sequence[str | Path],
    data: str | Path | None = None,
    *,
    count: int = 1000,
    features: str = "efficientnet_lite1",
    seed: int = 0,
    progress: bool = False,
) -> dict[str, Evaluation]:
    """Measures models against the images that their recipes name.

    The images are as the recipe has them decoded, but not augmented: a model that was trained on
    images upside down, and draws such, is measured against the images as they are. Of images that
    a recipe cuts at random the middle is cut.

    Args:
        models: Each the name of a shipped model, or the folder of a zoo entry or of a run.
        data: Where the images are; None for the recipe's own path or the download.
        count: As in `kerasgan.metrics.Reference`.
        features: As in `kerasgan.metrics.named_features`.
        seed: Of the latents and the choice of images.
        progress: Whether to show progress bars on stderr.

    Returns:
        The evaluations by the names given.

    Raises:
        UserError: There is no such model, or its images are not there or too few.
    """
    references: dict[str, Reference] = {}
    evaluations = {}
    for name in models:
        recipe = _recipe_of(name)
        gan = open_model(name)
        images = _real_images(recipe, data, progress=progress)
        # Models on the same images share the reals, and the time of their features.
        if images.fingerprint not in references:
            references[images.fingerprint] = Reference(
                images, count=count, features=features, seed=seed, progress=progress
            )
        reference = references[images.fingerprint]
        evaluations[str(name)] = evaluate_model(gan, reference, seed=seed, progress=progress)
    return evaluations


def _recipe_of(name: str | Path) -> Recipe:
    if (run := RunFolder(name)).exists:
        return run.recipe()
    return read_recipe(find(name) / "recipe.toml")


def _real_images(recipe: Recipe, data: str | Path | None, *, progress: bool) -> ImageSet:
    images = images_of(recipe, data, progress=progress)
    if recipe.data.labels:
        images = images.select(recipe.data.labels, recipe.data.classes)
    return _middle(images, recipe.data.side)


def _middle(images: ImageSet, side: int) -> ImageSet:
    """Returns the images cut to their middle, `side` pixels wide and high."""
    start = (images.images.shape[1] - side) // 2
    if start == 0:
        return images
    cut = np.asarray(images.images)[:, start : start + side, start : start + side]
    return replace(images, images=np.ascontiguousarray(cut), images_fingerprint="")
