"""The objective of a recipe."""

import inspect

import kerasgan.models
from kerasgan.models import AdversarialModel
from kerasgan.recipes.recipe import Recipe


def objective_of(recipe: Recipe) -> type[AdversarialModel]:
    """Returns the class that `model.objective` names.

    It is `AdversarialModel` if there is none of that name, which building the model refuses.
    """
    name = recipe.model["objective"]
    named = getattr(kerasgan.models, name) if name in kerasgan.models.__all__ else None
    if inspect.isclass(named) and issubclass(named, AdversarialModel):
        return named
    return AdversarialModel
