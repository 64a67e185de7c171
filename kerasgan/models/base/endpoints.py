"""The SavedModel of a model: its functions, and its weights."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from kerasgan.models.base.batches import DiscriminatorOutput
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.quiet_saving import quiet_saving
from kerasgan.networks.cppn_render import cppn_render, is_cppn


def write_endpoints(
    model: GenerativeModel,
    discriminator_output: Callable[[tf.Tensor], DiscriminatorOutput],
    folder: str | Path,
    *,
    compact: bool = False,
) -> None:
    """Writes a SavedModel that needs nothing but TensorFlow.

    It has the endpoints `generate`, `discriminate`, `encode` where there is an encoder and
    `render` where the generator is a CPPN. Every weight of every network lies under a plain key,
    such as `generator/0`.

    Args:
        model: The model.
        discriminator_output: Its discriminator's outputs for a batch of images in [0, 1].
        folder: Where to write; it is made if it does not exist.
        compact: Whether to keep kernels in float16 and to leave out the generator if there is an
            average of its weights: about a quarter of the size. Computations are in float32.
    """
    root = tf.Module()
    # Keras variables, and the float16 variables that stand for them in the SavedModel.
    halves: list[tuple[keras.Variable, tf.Variable]] = []
    for name, network in model.networks.items():
        if compact and name == "generator" and model.ema_generator is not None:
            continue
        kept = []
        for weight in network.weights:
            if compact and len(weight.shape) > 1:
                halves.append((weight, tf.Variable(tf.cast(weight.value, tf.float16))))
                kept.append(halves[-1][1])
            else:
                kept.append(weight.value)
        setattr(root, name, kept)

    def weights() -> contextlib.AbstractContextManager:
        """Returns a scope in which the model computes with the weights that are kept."""
        if not halves:
            return contextlib.nullcontext()
        mapping = [(weight, tf.cast(half, weight.dtype)) for weight, half in halves]
        return keras.StatelessScope(state_mapping=mapping)

    generate = _add_generate(root, model, weights)
    _add_discriminate(root, model, discriminator_output, weights)
    if "encoder" in model.networks:
        _add_encode(root, model, weights)
    if is_cppn(model.generator):
        _add_render(root, model, weights)
    with quiet_saving():
        tf.saved_model.save(root, str(folder), signatures={"serving_default": generate})


def _images(model: GenerativeModel) -> tf.TensorSpec:
    return tf.TensorSpec((None, *model.image_shape), tf.float32, name="images")


def _latents(model: GenerativeModel) -> tf.TensorSpec:
    return tf.TensorSpec((None, model.latent_dim), tf.float32, name="latents")


def _add_generate(root: Any, model: GenerativeModel, weights: Callable) -> Callable:
    labels = [tf.TensorSpec((None,), tf.int32, name=name) for name in model.condition]

    @tf.function(autograph=False, input_signature=[_latents(model), *labels])
    def generate(latents: tf.Tensor, *labels: tf.Tensor) -> tf.Tensor:
        with weights():
            return model([latents, *labels] if labels else latents)

    root.generate = generate
    return generate


def _add_discriminate(
    root: Any,
    model: GenerativeModel,
    discriminator_output: Callable[[tf.Tensor], DiscriminatorOutput],
    weights: Callable,
) -> None:
    @tf.function(autograph=False, input_signature=[_images(model)])
    def discriminate(images: tf.Tensor) -> tf.Tensor | dict[str, tf.Tensor]:
        with weights():
            output = discriminator_output(images)
        logits = output.class_logits
        return {"scores": output.scores, **logits} if logits else output.scores

    root.discriminate = discriminate


def _add_encode(root: Any, model: GenerativeModel, weights: Callable) -> None:
    @tf.function(autograph=False, input_signature=[_images(model)])
    def encode(images: tf.Tensor) -> tf.Tensor:
        with weights():
            return model.networks["encoder"](model.image_range.from_user(images), training=False)[0]

    root.encode = encode


def _add_render(root: Any, model: GenerativeModel, weights: Callable) -> None:
    number = tf.TensorSpec((), tf.int32)
    zoom, centre = tf.TensorSpec((), tf.float32), tf.TensorSpec((2,), tf.float32)

    @tf.function(autograph=False, input_signature=[_latents(model), number, number, zoom, centre])
    def render(
        latents: tf.Tensor, height: tf.Tensor, width: tf.Tensor, zoom: tf.Tensor, centre: tf.Tensor
    ) -> tf.Tensor:
        with weights():
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
