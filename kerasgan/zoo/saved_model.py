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

from kerasgan.errors import UserError
from kerasgan.files import write_text
from kerasgan.models import VAEGAN, AdversarialModel
from kerasgan.networks.cppn_render import cppn_render, is_cppn
from kerasgan.shortened import shortened_message

_CONFIGURATION = Path("assets.extra") / "model.json"


def write_saved_model(model: AdversarialModel, folder: Path, configuration: dict[str, Any]) -> None:
    """Writes a SavedModel.

    Args:
        model: The model, in float32.
        folder: Where to; it is made if need be.
        configuration: The model's serialized Keras configuration, with the precision it was
            trained in.

    Raises:
        UserError: The disk is full or not writable.
    """
    try:
        tf.saved_model.save(_endpoints(model), str(folder))
    except tf.errors.OpError as error:
        # TensorFlow names a temporary file before the reason, and its own function after it.
        reason = error.message.rpartition("; ")[2].partition(" [Op:")[0]
        raise UserError(f"Cannot write {folder.name}: {shortened_message(reason)}") from None
    path = folder / _CONFIGURATION
    path.parent.mkdir(exist_ok=True)
    write_text(path, json.dumps(configuration, indent=1))


def read_saved_model(folder: Path, *, precision: str) -> AdversarialModel:
    """Rebuilds a model from its configuration and weights, without loading the graph.

    Args:
        folder: The SavedModel.
        precision: The dtype policy of the layers that were trained in mixed precision.
    """
    configuration = json.loads((folder / _CONFIGURATION).read_text(encoding="utf-8"))
    model = keras.saving.deserialize_keras_object(with_precision(configuration, precision))
    if not isinstance(model, AdversarialModel):
        raise ValueError(f"{_CONFIGURATION} describes no model of kerasgan")
    reader = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
    for key, network in _networks(model).items():
        network.set_weights(
            [
                reader.get_tensor(f"{key}/{index}/.ATTRIBUTES/VARIABLE_VALUE")
                for index in range(len(network.weights))
            ]
        )
    return model


def with_precision(configuration: Any, precision: str) -> Any:
    """Returns a Keras configuration in which mixed dtype policies are `precision` instead."""
    if isinstance(configuration, dict):
        return {key: with_precision(value, precision) for key, value in configuration.items()}
    if isinstance(configuration, list | tuple):
        return [with_precision(value, precision) for value in configuration]
    if configuration in ("mixed_bfloat16", "mixed_float16"):
        return precision
    return configuration


def _networks(model: AdversarialModel) -> dict[str, keras.Model]:
    networks = {name: getattr(model, name) for name in model.network_names}
    if model.ema_generator is not None:
        networks["ema_generator"] = model.ema_generator
    return networks


def _endpoints(model: AdversarialModel) -> tf.Module:
    """Makes the module that is saved: weights under plain keys, and the functions."""
    root = tf.Module()
    for key, network in _networks(model).items():
        setattr(root, key, [weight.value for weight in network.weights])
    latents = tf.TensorSpec((None, model.latent_dim), tf.float32, name="latents")
    labels = [tf.TensorSpec((None,), tf.int32, name=name) for name in model.condition]
    images = tf.TensorSpec((None, *model.image_shape), tf.float32, name="images")

    @tf.function(input_signature=[latents, *labels])
    def generate(latents: tf.Tensor, *labels: tf.Tensor) -> tf.Tensor:
        return model([latents, *labels] if labels else latents)

    @tf.function(input_signature=[images])
    def discriminate(images: tf.Tensor) -> tf.Tensor | dict[str, tf.Tensor]:
        judged = model.discriminator(model.image_range.from_user(images), training=False)
        scores, *logits = model.outputs_of(judged)
        if len(scores.shape) > 2:  # A map: one score for each part of the image.
            scores = tf.reduce_mean(tf.reshape(scores, [tf.shape(images)[0], -1]), 1, keepdims=True)
        named = dict(zip(model.classes, logits, strict=True))
        return {"scores": scores, **named} if named else scores

    root.generate, root.discriminate = generate, discriminate
    if isinstance(model, VAEGAN):

        @tf.function(input_signature=[images])
        def encode(images: tf.Tensor) -> tf.Tensor:
            return model.encoder(model.image_range.from_user(images), training=False)[0]

        root.encode = encode
    if is_cppn(model.generator):
        number = tf.TensorSpec((), tf.int32)
        zoom, centre = tf.TensorSpec((), tf.float32), tf.TensorSpec((2,), tf.float32)

        @tf.function(input_signature=[latents, number, number, zoom, centre])
        def render(
            latents: tf.Tensor,
            height: tf.Tensor,
            width: tf.Tensor,
            zoom: tf.Tensor,
            centre: tf.Tensor,
        ) -> tf.Tensor:
            images = cppn_render(
                model.sampling_generator,
                latents,
                height=height,
                width=width,
                zoom=zoom,
                centre=centre,
            )
            return model.image_range.to_user(images)

        root.render = render
    return root
