"""Pictures between classes.

A conditional generator turns each label into a one-hot vector, which meets only linear layers
before the first nonlinearity. Between two classes lie the vectors (1 - t) e_a + t e_b, for which
it was not trained, but which it draws as well.

Reference:
    Mirza and Osindero, "Conditional Generative Adversarial Nets", 2014,
    https://arxiv.org/abs/1411.1784 (labels as one-hot inputs).
"""

from collections.abc import Mapping, Sequence

import keras
import numpy as np

from kerasgan.models import AdversarialModel
from kerasgan.models.class_names import class_number

Label = str | Mapping[str, float]


def mix(start: str, end: str, t: float) -> Label:
    """Returns the label at the part t of the way from one class to another."""
    if start == end or t == 0.0:
        return start
    return end if t == 1.0 else {start: 1.0 - t, end: t}


def generate_mixed(
    model: AdversarialModel, latents: np.ndarray, labels: Mapping[str, Sequence[Label]]
) -> np.ndarray:
    """Draws pictures of mixed classes.

    Args:
        model: A conditional model.
        latents: `(n, latent_dim)`.
        labels: For every label set of the condition, n labels: class names, or the parts of
            several, which add up to 1.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A class is unknown.
    """
    one_hots = [
        np.stack([_one_hot(label, model.class_names[name]) for label in labels[name]])
        for name in model.condition
    ]
    drawn = _from_one_hots(model.sampling_generator)([latents, *one_hots], training=False)
    return model.image_range.to_user(drawn).numpy()


def _one_hot(label: Label, names: Sequence[str]) -> np.ndarray:
    vector = np.zeros(len(names), np.float32)
    for name, part in ({label: 1.0} if isinstance(label, str) else label).items():
        vector[class_number(name, names)] += part
    return vector


def _from_one_hots(generator: keras.Model) -> keras.Model:
    """Returns the part of a conditional generator that comes after the one-hot encodings."""
    encodings = {
        id(layer.input): layer.output
        for layer in generator.layers
        if isinstance(layer, keras.layers.CategoryEncoding)
    }
    latent, *labels = generator.inputs
    return keras.Model([latent, *(encodings[id(label)] for label in labels)], generator.outputs[0])
