"""What an iteration of each objective costs, measured side by side."""

import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Minutes are minutes of two cores.
_CORES = 2
_ROUNDS = 7
WARM_UP = 2
_LEAST = 3


def measure_costs(
    recipes: Mapping[str, Any], data: Path | None, seconds: float, *, rounds: int = _ROUNDS
) -> dict[str, Any]:
    """Measures what an iteration of each of some recipes on the same images costs.

    The objectives take turns: in each round each of them trains for about `seconds` of two cores.
    The cost of an iteration is the median over the rounds of the CPU time that this process spent
    on it, by all of its threads, divided by two. CPU time does not count what other processes do,
    and what they do to the caches meets all objectives alike.

    Args:
        recipes: A recipe for each objective's name.
        data: Folder or file of the images; by default the recipe's.
        seconds: The length of a turn.
        rounds: How many turns each objective has.

    Returns:
        `costs`: for each objective `seconds`, the cost, the `lowest` and the `highest` of the
        rounds, and `clock`, the least time by the clock. `reference`: the protocol by which the
        images are measured, and the `floor` of each measure. `precision`: that of the machine,
        which the runs keep on any other.
    """
    from kerasgan.metrics import Reference
    from kerasgan.precision import resolve_precision
    from kerasgan.recipes.recipe_images import RecipeImages
    from kerasgan.training.callbacks.evaluate import COUNT

    first = next(iter(recipes.values()))
    images = RecipeImages(first, data, progress=True)
    turns = {}
    for name, recipe in recipes.items():
        model, dataset = model_and_dataset(recipe, images.all)
        turn(model, dataset, WARM_UP)
        cost, _ = turn(model, dataset, WARM_UP + _LEAST)
        turns[name] = (model, dataset, max(_LEAST, round(seconds / cost)), [])
    for _ in range(rounds):
        for model, dataset, iterations, found in turns.values():
            found.append(turn(model, dataset, iterations))
    costs = {}
    for name, (*_, found) in turns.items():
        seconds_each = [cpu for cpu, _ in found]
        costs[name] = {
            "seconds": statistics.median(seconds_each),
            "lowest": min(seconds_each),
            "highest": max(seconds_each),
            "clock": min(clock for _, clock in found),
        }
    reference = Reference(images.measured()[0], count=COUNT, progress=True)
    floor = {name: value for name, (value, _) in reference.floor.items()}
    return {
        "costs": costs,
        "reference": {**reference.protocol, "floor": floor},
        "precision": resolve_precision(first.training.precision),
    }


def model_and_dataset(recipe: Any, images: Any) -> tuple[Any, Any]:
    """Returns the model of a recipe and the batches that it trains on."""
    import msgspec

    from kerasgan.data import Augmentation, training_dataset
    from kerasgan.recipes import build_model

    dataset = training_dataset(
        images,
        batch_size=recipe.training.batch_size,
        seed=recipe.training.seed,
        augmentation=Augmentation(**msgspec.to_builtins(recipe.data.augmentation)),
        balanced=recipe.data.balanced,
        dtype="uint8",
    )
    return build_model(recipe), dataset


def turn(model: Any, dataset: Any, iterations: int) -> tuple[float, float]:
    """Trains for some iterations after a first one; returns their seconds of two cores and clock.

    What `fit` does before its first batch is not part of an iteration.
    """
    import keras

    marks = {}

    class Stopwatch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            if batch + 1 in (model.n_critic, model.n_critic * (iterations + 1)):
                marks[batch] = time.process_time(), time.perf_counter()

    model.fit(
        dataset,
        steps_per_epoch=model.n_critic * (iterations + 1),
        shuffle=False,
        verbose=0,
        callbacks=[Stopwatch()],
    )
    (cpu, clock), (last_cpu, last_clock) = marks.values()
    return (last_cpu - cpu) / _CORES / iterations, (last_clock - clock) / iterations
