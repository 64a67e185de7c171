"""What an iteration of a system costs."""

import statistics
from pathlib import Path

from comparison.cost import WARM_UP, model_and_dataset, turn
from comparison.system import System

_ROUNDS = 3
_LEAST = 3


def measure_system(system: System, data: Path | None, seconds: float) -> list[float]:
    """Measures what an iteration of a system costs, as `measure_costs` does for objectives.

    Args:
        system: The system.
        data: Folder or file of the images; by default the recipe's.
        seconds: The length of one of three turns, of which the median counts.

    Returns:
        The seconds of two cores of an iteration in each phase of the training; it has several if
        it has a curriculum.
    """
    from kerasgan.recipes.recipe_images import RecipeImages

    recipe = system.read()
    images = RecipeImages(recipe, data, progress=True).all
    model, dataset = model_and_dataset(recipe, images)
    costs = []
    for begin in system.phases:
        model.batches_seen.assign(begin * model.n_critic)
        turn(model, dataset, WARM_UP)
        cost, _ = turn(model, dataset, _LEAST)
        iterations = max(_LEAST, round(seconds / cost))
        costs.append(statistics.median(turn(model, dataset, iterations)[0] for _ in range(_ROUNDS)))
    return costs
