"""The recipe of a run, with what it leaves open decided."""

import msgspec

from kerasgan.errors import UserError
from kerasgan.precision import resolve_precision
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.run_folder import RunFolder


def resolve_recipe(recipe: Recipe, run: RunFolder) -> Recipe:
    """Returns the recipe with its precision resolved and, in a run that exists, the run's classes.

    Raises:
        UserError: The run was started with a recipe that differs.
    """
    started = run.recipe() if run.exists else None
    data, training = recipe.data, recipe.training
    if started:
        # The classes that the recipe leaves to the data are those that the run found.
        found = {name: started.data.classes.get(name) for name in data.labels}
        found = {name: classes for name, classes in found.items() if classes}
        data = msgspec.structs.replace(data, classes={**found, **data.classes})
    if training.precision == "auto":
        precision = started.training.precision if started else resolve_precision("auto")
        training = msgspec.structs.replace(training, precision=precision)
    recipe = msgspec.structs.replace(recipe, data=data, training=training)
    if started and (differences := started.differences(recipe)):
        raise UserError(
            f"The training in {run.path} was started with another recipe "
            f"({'; '.join(differences)}); pass that one, or another folder="
        )
    return recipe
