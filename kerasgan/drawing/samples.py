"""The pictures that a training and a model card show."""

import numpy as np

from kerasgan.drawing.sample import sample
from kerasgan.models import AdversarialModel

COLUMNS = 8
_ROWS = 4


def draw_samples(model: AdversarialModel, *, seed: int) -> np.ndarray:
    """Draws unselected pictures for a grid of `COLUMNS` columns.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1]: 32 of them, or, from a
        conditional generator, `COLUMNS` of every class from the same latents, a class after the
        other.
    """
    if model.condition:
        return sample(model, COLUMNS, seed=seed, every_class=True).images
    return model.generate(COLUMNS * _ROWS, seed=seed)
