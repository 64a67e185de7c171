"""Checks of what objectives are made of: their arguments and their networks."""

import sys
import warnings
from collections.abc import Mapping

import keras

from kerasgan.keras_private import layers_of, operation_of
from kerasgan.models.base.batches import class_heads
from kerasgan.models.base.image_range import ImageRange
from kerasgan.models.base.last_activation import last_activation
from kerasgan.pretrained.efficientnet_lite import takes_minus_one_to_one


def check_is_functional(name: str, network: keras.Model) -> None:
    """Checks that a network's inputs and outputs are known before it has seen any.

    Raises:
        ValueError: The network is neither a functional model nor a sequential one with an input.
    """
    if not getattr(network, "inputs", None) or not getattr(network, "outputs", None):
        raise ValueError(
            f"The {name} must be a functional model, or a keras.Sequential that begins with "
            f"keras.Input. Received: {name}={network!r}"
        )


def check_ends_in_float32(name: str, network: keras.Model) -> None:
    """Checks that a network's outputs are float32, whatever precision it computes in.

    Raises:
        ValueError: They have 8 or 11 bits of precision: too few for pictures, and for losses.
    """
    for output in network.outputs:
        if output.dtype in ("bfloat16", "float16"):
            raise ValueError(
                f"The {name}'s last layer must have dtype='float32': pictures, scores and losses "
                f"need more than the precision it computes in. Received: {name}={network.name!r} "
                f"with the last layer {operation_of(output).name!r} of {output.dtype}"
            )


def check_penalizes_weights_alone(name: str, network: keras.Model) -> None:
    """Checks that no layer penalizes its output, which the losses would leave out.

    Raises:
        ValueError: A layer has an activity regularizer.
    """
    for layer in layers_of(network):
        if getattr(layer, "activity_regularizer", None) is not None:
            raise ValueError(
                "Losses count the regularizers of weights alone: leave out activity_regularizer, "
                f"or add its penalty in a loss of your own. Received: {name}={network.name!r} with "
                f"it in the layer {layer.name!r}"
            )


def check_players(generator: keras.Model, discriminator: keras.Model) -> None:
    """Checks that the discriminator takes what the generator draws, and gives linear scores.

    Raises:
        ValueError: One of them is not functional or ends in half precision, their inputs or
            outputs are too many, their shapes differ, or the discriminator has named outputs, more
            than one score, or ends in an activation.
    """
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        check_is_functional(name, network)
        check_ends_in_float32(name, network)
        check_penalizes_weights_alone(name, network)
    if _returns_dict(generator):
        raise ValueError(
            "The generator must return its images. Received: "
            f"generator={generator.name!r} returning a dict with the keys {list(generator.output)}"
        )
    if _returns_dict(discriminator):
        raise ValueError(
            "The discriminator must return its scores, or a list of the scores and the logits of "
            f"each label set. Received: discriminator={discriminator.name!r} returning a dict with "
            f"the keys {list(discriminator.output)}"
        )
    _check_ends(generator, discriminator)
    drawn, taken = generator.outputs[0].shape[1:], discriminator.inputs[0].shape[1:]
    if len(drawn) != 3:
        raise ValueError(
            "The generator must draw images (batch, height, width, channels). Received: "
            f"generator={generator.name!r} drawing {(None, *drawn)}"
        )
    if len(drawn) != len(taken) or any(
        None not in (one, other) and one != other for one, other in zip(drawn, taken, strict=True)
    ):
        raise ValueError(
            "The discriminator must take the images that the generator draws. Received: generator "
            f"drawing {tuple(drawn)}, discriminator taking {tuple(taken)}"
        )
    if (scores := discriminator.outputs[0].shape[-1]) not in (1, None):
        raise ValueError(
            "The discriminator's scores must have one channel, the score of real against "
            "generated: end in Dense(1), or in a convolution with one filter. Received: "
            f"discriminator={discriminator.name!r} with {scores}"
        )
    for output in discriminator.outputs:
        layer, activation = last_activation(output)
        if activation not in ("", "linear"):
            raise ValueError(
                "The discriminator's last layers must be linear: losses take scores and logits, "
                f"and apply their own sigmoid or softmax. Received: discriminator="
                f"{discriminator.name!r} with last layer {layer!r} and activation {activation!r}"
            )


def _returns_dict(network: keras.Model) -> bool:
    return not isinstance(network, keras.Sequential) and isinstance(network.output, Mapping)


def _check_ends(generator: keras.Model, discriminator: keras.Model) -> None:
    """Checks how many inputs and outputs networks have, and that latents are vectors."""
    latents, *labels = generator.inputs
    if len(latents.shape) != 2:
        raise ValueError(
            "The generator's first input must be latents (batch, latent_dim). "
            f"Received: generator={generator.name!r} with an input of shape {latents.shape}"
        )
    if wrong := [each for each in labels if len(each.shape) != 1]:
        raise ValueError(
            "The generator's inputs after its latents must be class numbers (batch,), such as "
            f"keras.Input((), dtype='int32', name='genre'). Received: generator={generator.name!r} "
            f"with {wrong[0].name!r} of shape {wrong[0].shape}"
        )
    for name, kind, ends in (
        ("generator", "output", generator.outputs),
        ("discriminator", "input", discriminator.inputs),
    ):
        if len(ends) > 1:
            raise ValueError(
                f"The {name} must have one {kind}, the images. Received: {len(ends)} {kind}s, "
                f"{', '.join(repr(each.name) for each in ends)}"
            )


def check_encoder(encoder: keras.Model, generator: keras.Model) -> None:
    """Checks that an encoder takes the generator's images and gives two codes of its latents.

    Raises:
        ValueError: It does not, its codes are not float32, or one of the networks is not
            functional.
    """
    check_is_functional("encoder", encoder)
    check_is_functional("generator", generator)
    check_ends_in_float32("encoder", encoder)
    images = generator.outputs[0].shape[1:]
    codes, latents = [output.shape[1:] for output in encoder.outputs], generator.inputs[0].shape[1:]
    if codes != [latents, latents] or tuple(encoder.inputs[0].shape[1:]) != tuple(images):
        raise ValueError(
            f"The encoder must take images of {tuple(images)} and give two codes of "
            f"{tuple(latents)}. Received: encoder={encoder.name!r} taking "
            f"{tuple(encoder.inputs[0].shape[1:])} and giving {[tuple(code) for code in codes]}"
        )


def check_pretrained_range(
    image_range: ImageRange, generator: keras.Model, discriminator: keras.Model
) -> None:
    """Checks that a discriminator's pretrained features see the range that they were trained on.

    Raises:
        ValueError: The generator draws in another range.
    """
    if takes_minus_one_to_one(discriminator) and image_range != ImageRange(-1.0, 1.0):
        raise ValueError(
            "The discriminator's pretrained features are those of images in [-1, 1]: end the "
            "generator in tanh, or put a keras.layers.Rescaling before the discriminator. "
            f"Received: discriminator={discriminator.name!r}, generator={generator.name!r} drawing "
            f"in [{image_range.low:g}, {image_range.high:g}]"
        )


def check_label_sets(objective: type, generator: keras.Model, discriminator: keras.Model) -> None:
    """Checks that the networks know classes where an objective has them, and only there.

    Raises:
        ValueError: The discriminator has class heads or the generator takes labels though the
            objective has none, or the other way round.
    """
    heads = list(class_heads(discriminator))
    if bool(heads) != objective.takes_classes:
        wanted = "class heads" if objective.takes_classes else "no class heads"
        raise ValueError(
            f"{objective.__name__} needs a discriminator with {wanted}. Received: "
            f"discriminator={discriminator.name!r} "
            + (
                f"with class heads {', '.join(map(repr, heads))}"
                if heads
                else "without class heads"
            )
        )
    condition = [labels.name for labels in generator.inputs[1:]]
    if objective.draws_classes and condition != heads:
        raise ValueError(
            f"{objective.__name__} needs a generator that takes the labels which the "
            f"discriminator classifies. Received: generator={generator.name!r} taking "
            f"{condition}, discriminator={discriminator.name!r} with heads {heads}"
        )
    if condition and not objective.draws_classes:
        raise ValueError(
            f"{objective.__name__} needs a generator that takes latents alone. Received: "
            f"generator={generator.name!r} taking {condition} too"
        )


def warn_if_it_normalizes_batches(discriminator: keras.Model) -> None:
    """Warns if a discriminator with a gradient penalty normalizes over the batch."""
    if any("BatchNormalization" in type(layer).__name__ for layer in layers_of(discriminator)):
        warnings.warn(
            f"The discriminator {discriminator.name!r} normalizes batches, so its score of an "
            "image depends on the other images, and a gradient penalty for each image does not "
            "measure its slope: use layer normalization or none",
            stacklevel=_level_of_user(),
        )


def _level_of_user() -> int:
    """Returns the `stacklevel` with which the caller's warning names the user's own line.

    Objectives that extend one another call checks from constructors at different depths.
    """
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals["__name__"].startswith("kerasgan."):
        level, frame = level + 1, frame.f_back
    return level
