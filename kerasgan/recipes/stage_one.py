"""The trained model that a recipe of a second stage builds on."""

from typing import Any

import keras

from kerasgan.errors import UserError, shortened
from kerasgan.recipes.recipe import Recipe
from kerasgan.trained_models import open_trained_model


def stage_one_parts(
    recipe: Recipe, precision: str
) -> tuple[dict[str, keras.Model], dict[str, Any]]:
    """Loads the generator of a recipe's `[stage_one]`, with what the second stage must know of it.

    Args:
        recipe: The recipe, which names the classes of all its label sets.
        precision: The Keras dtype policy of the generator.

    Returns:
        The generator as `{"stage_one": generator}`, the average of its weights if one was kept,
        and the arguments `stage_one_classes` and `stage_one_range` of the second stage's builder;
        both empty if the recipe has no such table.

    Raises:
        UserError: There is no such model, or it draws classes that the recipe does not have, or
            the other way round.
    """
    if recipe.stage_one is None:
        return {}, {}
    name = recipe.stage_one.model
    try:
        model = open_trained_model(name, precision=precision, best=recipe.stage_one.best)
    except UserError as error:
        raise UserError(f"[stage_one] {error}") from None
    title = f"[stage_one] {shortened(name)}"
    numbers: dict[str, list[int]] = {}
    for label_set in model.condition:
        known = model.class_names[label_set]
        if label_set not in recipe.data.labels:
            raise UserError(f"{title} draws classes of {label_set}; add it to data.labels")
        names = recipe.data.classes[label_set]
        if unknown := [each for each in names if each not in known]:
            raise UserError(
                f"{title} has no {label_set} {shortened(unknown[0])!r}; set "
                f"data.classes.{label_set} to some of {shortened(', '.join(known), 200)}"
            )
        # The number at stage one of each class that the recipe has.
        numbers[label_set] = [known.index(each) for each in names]
    low, high = model.image_range.low, model.image_range.high
    return (
        {"stage_one": model.sampling_generator},
        {"stage_one_classes": numbers, "stage_one_range": (low, high)},
    )
