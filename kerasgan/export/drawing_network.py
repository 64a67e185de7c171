"""What a model draws with, as one plain Keras model."""

from typing import Any

import keras

from kerasgan.models.base.generative_model import GenerativeModel

# In the file formats that keep names, inputs are called this and by the label sets.
LATENTS = "latents"
IMAGES = "images"


def drawing_network(model: GenerativeModel) -> keras.Model:
    """Returns a Keras model from latents, and labels where conditional, to images in [0, 1].

    It shares its weights with `model.sampling_generator`: the average of the generator's weights
    if there is one. What it adds are layers of Keras alone.

    Args:
        model: The model.

    Returns:
        A model with the inputs `latents`, float32 `(batch, latent_dim)`, and, for each label set,
        an input of its name, int32 `(batch,)`; its output `images` is float32
        `(batch, height, width, channels)`.
    """
    latents = keras.Input((model.latent_dim,), name=LATENTS)
    labels = [keras.Input((), dtype="int32", name=name) for name in model.condition]
    inputs = [latents, *labels]
    images = model.sampling_generator(inputs if labels else latents)
    low, high = model.image_range.low, model.image_range.high
    scale = 1.0 / (high - low)
    images = keras.layers.Rescaling(scale, -low * scale, dtype="float32")(images)
    # A generator without a sigmoid or tanh may leave its range.
    images = keras.layers.ReLU(max_value=1.0, dtype="float32", name=IMAGES)(images)
    return keras.Model(inputs if labels else latents, images, name=f"{model.name}_generator")


def foreign_layers(network: keras.Model) -> list[str]:
    """Returns the names of the classes in a network that are not Keras's own, sorted.

    A program has to import these before it can load the network from a file.
    """
    return sorted(_foreign(keras.saving.serialize_keras_object(network)))


def _foreign(configuration: Any) -> set[str]:
    found = set()
    if isinstance(configuration, dict):
        module, name = configuration.get("module"), configuration.get("class_name")
        if isinstance(module, str) and isinstance(name, str) and "config" in configuration:
            found |= set() if module.partition(".")[0] in ("keras", "builtins") else {name}
        children = configuration.values()
    else:
        children = configuration if isinstance(configuration, list | tuple) else ()
    return found.union(*map(_foreign, children))
