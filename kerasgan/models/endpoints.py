"""The functions of a model that a SavedModel has."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kerasgan.networks.cppn_render import cppn_render, is_cppn

if TYPE_CHECKING:
    from kerasgan.models.adversarial_model import AdversarialModel


def write_endpoints(model: "AdversarialModel", folder: str | Path) -> None:
    """Writes a SavedModel that needs nothing but TensorFlow.

    It has the endpoints `generate`, `discriminate`, `encode` where there is an encoder and
    `render` where the generator is a CPPN. Every weight of every network lies under a plain key,
    such as `generator/0`.

    Args:
        model: The model.
        folder: Where to write; it is made if need be.
    """
    root = tf.Module()
    for name, network in networks_of(model).items():
        setattr(root, name, [weight.value for weight in network.weights])
    generate = _add_generate(root, model)
    _add_discriminate(root, model)
    if hasattr(model, "encoder"):
        _add_encode(root, model)
    if is_cppn(model.generator):
        _add_render(root, model)
    tf.saved_model.save(root, str(folder), signatures={"serving_default": generate})


def networks_of(model: "AdversarialModel") -> dict:
    """Returns the networks of a model by name, the average of the generator included."""
    networks = {name: getattr(model, name) for name in model.network_names}
    if model.ema_generator is not None:
        networks["ema_generator"] = model.ema_generator
    return networks


def _images(model: "AdversarialModel") -> tf.TensorSpec:
    return tf.TensorSpec((None, *model.image_shape), tf.float32, name="images")


def _latents(model: "AdversarialModel") -> tf.TensorSpec:
    return tf.TensorSpec((None, model.latent_dim), tf.float32, name="latents")


def _add_generate(root: Any, model: "AdversarialModel") -> Callable:
    labels = [tf.TensorSpec((None,), tf.int32, name=name) for name in model.condition]

    @tf.function(input_signature=[_latents(model), *labels])
    def generate(latents: tf.Tensor, *labels: tf.Tensor) -> tf.Tensor:
        return model([latents, *labels] if labels else latents)

    root.generate = generate
    return generate


def _add_discriminate(root: Any, model: "AdversarialModel") -> None:
    @tf.function(input_signature=[_images(model)])
    def discriminate(images: tf.Tensor) -> tf.Tensor | dict[str, tf.Tensor]:
        output = model.discriminator_output(images)
        logits = output.class_logits
        return {"scores": output.scores, **logits} if logits else output.scores

    root.discriminate = discriminate


def _add_encode(root: Any, model: "AdversarialModel") -> None:
    @tf.function(input_signature=[_images(model)])
    def encode(images: tf.Tensor) -> tf.Tensor:
        return model.encoder(model.image_range.from_user(images), training=False)[0]

    root.encode = encode


def _add_render(root: Any, model: "AdversarialModel") -> None:
    number = tf.TensorSpec((), tf.int32)
    zoom, centre = tf.TensorSpec((), tf.float32), tf.TensorSpec((2,), tf.float32)

    @tf.function(input_signature=[_latents(model), number, number, zoom, centre])
    def render(
        latents: tf.Tensor, height: tf.Tensor, width: tf.Tensor, zoom: tf.Tensor, centre: tf.Tensor
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
