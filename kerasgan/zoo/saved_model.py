"""A trained model as a TensorFlow SavedModel, and back.

The SavedModel has the endpoints `generate` and `discriminate`, `encode` where there is an encoder
and `render` where the generator is a CPPN, and needs nothing but TensorFlow to run. Beside them
it holds every weight of every network under a plain key, and the model's Keras configuration in
`assets.extra/model.json`, from which the real model is rebuilt.
"""

import json
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from kerasgan.errors import UserError, shortened_message
from kerasgan.files.atomic import write_text
from kerasgan.models import AdversarialModel
from kerasgan.models.base.endpoints import write_endpoints

_CONFIGURATION = Path("assets.extra") / "model.json"


def write_saved_model(
    model: AdversarialModel, folder: Path, trained: AdversarialModel, *, compact: bool = False
) -> None:
    """Writes a SavedModel.

    Args:
        model: The model, in float32.
        folder: The folder, which is made if it does not exist.
        trained: The model in the precision that it was trained in, which the entry describes.
        compact: As in `kerasgan.models.base.endpoints.write_endpoints`.

    Raises:
        UserError: The disk is full or not writable.
    """
    try:
        write_endpoints(model, model.discriminator_output, folder, compact=compact)
    except tf.errors.OpError as error:
        # TensorFlow puts a temporary file before the reason, and its own function after it.
        reason = error.message.rpartition("; ")[2].partition(" [Op:")[0]
        raise UserError(f"Cannot write {folder.name}: {shortened_message(reason)}") from None
    path = folder / _CONFIGURATION
    path.parent.mkdir(exist_ok=True)
    configuration = keras.saving.serialize_keras_object(trained)
    write_text(path, json.dumps(configuration))


def read_saved_model(folder: Path, *, precision: str) -> AdversarialModel:
    """Rebuilds a model from its configuration and weights, without loading the graph.

    Args:
        folder: The SavedModel.
        precision: The dtype policy of the layers that were trained in mixed precision.

    Raises:
        ValueError, TypeError, KeyError, OSError: The configuration or the weights are damaged.
    """
    configuration = json.loads((folder / _CONFIGURATION).read_text(encoding="utf-8"))
    model = keras.saving.deserialize_keras_object(with_precision(configuration, precision))
    if not isinstance(model, AdversarialModel):
        raise ValueError(f"{_CONFIGURATION} does not describe a model of kerasgan")
    reader = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
    has_generator = reader.has_tensor(_key("generator", 0))
    for name, network in model.networks.items():
        # A compact entry has the average alone, from which a training continues.
        kept = "ema_generator" if name == "generator" and not has_generator else name
        keys = [_key(kept, index) for index in range(len(network.weights))]
        stored = [key for key in reader.get_variable_to_shape_map() if key.startswith(f"{kept}/")]
        if sorted(keys) != sorted(stored):
            raise ValueError(f"{name} has {len(keys)} weights, and its file has {len(stored)}")
        weights = zip(keys, network.weights, strict=True)
        network.set_weights([reader.get_tensor(key).astype(each.dtype) for key, each in weights])
    return model


def _key(network: str, index: int) -> str:
    return f"{network}/{index}/.ATTRIBUTES/VARIABLE_VALUE"


def with_precision(configuration: Any, precision: str) -> Any:
    """Returns a Keras configuration in which mixed dtype policies are `precision` instead."""
    if isinstance(configuration, dict):
        return {key: with_precision(value, precision) for key, value in configuration.items()}
    if isinstance(configuration, list | tuple):
        return [with_precision(value, precision) for value in configuration]
    if configuration in ("mixed_bfloat16", "mixed_float16"):
        return precision
    return configuration
