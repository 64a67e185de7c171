"""The recipe of a run, with what it leaves open decided."""

import msgspec

from kerasgan.errors import UserError
from kerasgan.precision import resolve_precision
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.model_paths import absolute_unless_name
from kerasgan.training.run_folder import RunFolder


def resolve_recipe(recipe: Recipe, run: RunFolder) -> Recipe:
    """Returns the recipe with what it leaves open decided, by a run that exists as it was there.

    That is its precision, its classes in a run that exists, and where the folder of the model is
    that it builds on.

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
    stage_one = recipe.stage_one
    if stage_one is not None:
        stage_one = msgspec.structs.replace(stage_one, model=absolute_unless_name(stage_one.model))
    recipe = msgspec.structs.replace(recipe, data=data, training=training, stage_one=stage_one)
    if started and (differences := started.differences(recipe)):
        raise UserError(
            f"The training in {run.path} was started with another recipe "
            f"({'; '.join(differences)}); pass that one, which kerasgan train {run.path} does by "
            "itself, or another folder="
        )
    return recipe
