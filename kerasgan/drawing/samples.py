"""The pictures that a training and a model card show."""

import numpy as np

from kerasgan.models import AdversarialModel
from kerasgan.models.sampling import new_seed

COLUMNS = 8
_ROWS = 4


def draw_samples(model: AdversarialModel, *, seed: int) -> np.ndarray:
    """Draws unselected pictures for a grid of `COLUMNS` columns.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1]: 32 of them, or, from a
        conditional generator, a row for every class as `draw_every_class` lays them.
    """
    if model.condition:
        return draw_every_class(model, COLUMNS, seed=seed)
    return model.generate(COLUMNS * _ROWS, seed=seed)


def draw_every_class(model: AdversarialModel, count: int, *, seed: int | None) -> np.ndarray:
    """Draws every class from the same latents.

    Args:
        model: A model with a conditional generator.
        count: Number of latents.
        seed: Seed of the latents; `None` takes a new one.

    Returns:
        Images `(classes * count, height, width, channels)`, float32 in [0, 1], a class after the
        other. With several label sets, the classes of the first; those of the others are drawn at
        random for each latent.

    Raises:
        ValueError: The generator knows no classes.
    """
    if not model.condition:
        raise ValueError(
            f"Only a conditional generator draws classes. Received: {type(model).__name__}"
        )
    seed = new_seed() if seed is None else seed
    latents = model.draw_latents(count, seed=seed)
    first = model.condition[0]
    rows = [
        model.generate(latents, {first: number}, seed=seed)
        for number in range(model.classes[first])
    ]
    return np.concatenate(rows)
