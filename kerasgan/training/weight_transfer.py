"""Copying the weights of one model's networks to those of another, as far as they fit."""

import hashlib
from difflib import SequenceMatcher
from typing import Any

import keras
import numpy as np

from kerasgan.models import AdversarialModel
from kerasgan.models.base.freezing import layers_with_weights


def transfer_weights(source: AdversarialModel, model: AdversarialModel) -> dict[str, list[str]]:
    """Copies the weights of a model to another one, layer by layer.

    A layer takes the weights of a layer of the same class whose weights all have the same shapes.
    Among networks of other sizes, layers are paired in their order, in the longest runs that fit.
    If only the other model keeps an average of the generator, it begins as the generator. A network
    takes the weights of one of the same kind, if there is one: the projected discriminator of a
    `VisionAidedFastGAN` those of the discriminator of a `ProjectedGAN`. Discriminators with a fixed
    network inside take none of one without.

    Args:
        source: The model to copy from.
        model: The model to copy to; its other layers stay as they are.

    Returns:
        For each network of the model that has such layers, their names; none for a network that
        nothing of the model to copy from fits.
    """
    left = {}
    given = source.networks
    for name, network in model.networks.items():
        other = _counterpart(name, network, given, model.networks)
        kept = [] if other is None else _transfer(other, network)
        if kept or other is None:
            left[name] = kept
    return left


def _counterpart(
    name: str, network: keras.Model, given: dict[str, keras.Model], taking: dict[str, keras.Model]
) -> keras.Model | None:
    """Returns the given network that `network` takes its weights from, or `None`."""
    other = given["generator"] if name == "ema_generator" else None
    other = given.get(name, other)
    if other is not None and other.name == network.name:
        return other
    if same := [each for each in given.values() if each.name == network.name]:
        return same[0]
    if other is None or other.name in {each.name for each in taking.values()}:
        return None  # Another network of the model has what it learned.
    # What was learned of the features of a fixed network is of no use to another.
    return other if _has_fixed_layers(other) == _has_fixed_layers(network) else None


def _has_fixed_layers(network: keras.Model) -> bool:
    moving = len(list(layers_with_weights(network)))
    return len(list(layers_with_weights(network, constant=True))) > moving


def weights_fingerprint(model: AdversarialModel) -> str:
    """Returns a checksum of all weights of a model's networks."""
    checksum = hashlib.sha256()
    for name, network in sorted(model.networks.items()):
        for weight in network.weights:
            value = np.asarray(keras.ops.convert_to_numpy(weight))
            checksum.update(f"{name} {value.dtype} {value.shape}\n".encode())
            checksum.update(value.tobytes())
    return checksum.hexdigest()


def _transfer(source: keras.Model, network: keras.Model) -> list[str]:
    """Copies one network's weights, and returns the names of the layers that have none of them.

    The constant ones are copied too: the layers after them were trained on what they give.
    """
    layers = list(layers_with_weights(network, constant=True))
    others = list(layers_with_weights(source, constant=True))
    matcher = SequenceMatcher(
        None, [_signature(each) for each in others], [_signature(each) for each in layers], False
    )
    fresh = dict.fromkeys(range(len(layers)))
    for begin, to, length in matcher.get_matching_blocks():
        for step in range(length):
            layers[to + step].set_weights(others[begin + step].get_weights())
            del fresh[to + step]
    return [layers[number].name for number in fresh]


def _signature(layer: keras.layers.Layer) -> tuple[Any, ...]:
    return (type(layer).__name__, *(tuple(weight.shape) for weight in layer.weights))
