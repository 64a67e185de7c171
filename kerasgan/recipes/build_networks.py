"""Building the networks of a recipe."""

from typing import Any

import keras

import kerasgan.networks
from kerasgan.precision import dtype_policy
from kerasgan.recipes.construct import construct
from kerasgan.recipes.objective import objective_of
from kerasgan.recipes.recipe import Recipe


def build_networks(
    recipe: Recipe,
    precision: str,
    stage_one: tuple[dict[str, keras.Model], dict[str, Any]],
) -> dict[str, keras.Model]:
    """Builds the networks of a recipe, each by the builder that its table names.

    Args:
        recipe: The recipe, which names the classes of all its label sets.
        precision: The Keras dtype policy of the networks.
        stage_one: The trained generator of `[stage_one]`, by its name as an argument of a
            generator that builds on it, and arguments that are known from it.

    Returns:
        The networks by the names of their sections.

    Raises:
        UserError: A network or one of its arguments is unknown or has a wrong type or value.
    """
    trained, known_of_it = stage_one
    classes = {name: len(recipe.data.classes[name]) for name in recipe.data.labels}
    shared = {
        **known_of_it,
        **({"smallest": recipe.curriculum.sizes[0]} if recipe.curriculum else {}),
        "image_size": recipe.data.side,
        "channels": recipe.data.channels,
    }
    objective = objective_of(recipe)
    # Labels may also only select images.
    drawn = classes if objective.draws_classes else {}
    told = classes if objective.takes_classes else {}
    with dtype_policy(precision):
        return {
            section: construct(
                section,
                table,
                "network",
                kerasgan.networks,
                parts=trained if section == "generator" else None,
                shared={**shared, "classes": drawn if section == "generator" else told},
            )
            for section, table in recipe.networks.items()
        }
