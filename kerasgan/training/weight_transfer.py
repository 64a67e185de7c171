"""Copying the weights of one model's networks to those of another, as far as they fit."""

import hashlib
from difflib import SequenceMatcher
from typing import Any

import keras
import numpy as np

from kerasgan.models import AdversarialModel
from kerasgan.models.base.freezing import layers_with_weights

# Of the parameters to train. Where fewer fit, it is by chance: normalizations of as many channels.
_LEAST_PART = 0.05


def transfer_weights(source: AdversarialModel, model: AdversarialModel) -> dict[str, list[str]]:
    """Copies the weights of a model to another one, layer by layer.

    A layer takes the weights of a layer of the same class whose weights all have the same shapes.
    Among networks of other sizes, layers are paired in their order, in the longest runs that fit.
    If only the other model keeps an average of the generator, it begins as the generator. A network
    takes the weights of one of the same kind, if there is one: the projected discriminator of a
    `VisionAidedFastGAN` those of the discriminator of a `ProjectedGAN`. Discriminators with a fixed
    network inside take none of one without. A network takes none where less than a twentieth of its
    parameters fits.

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
        kept = None if other is None else _transfer(other, network)
        if kept is None:
            left[name] = []
        elif kept:
            left[name] = kept
    return left


def part_taken(network: keras.Model, left: list[str]) -> float:
    """Returns the part of a network's parameters to train that is in other layers than these.

    Of a network without such parameters it is all.
    """
    layers = list(layers_with_weights(network))
    taken = sum(layer.count_params() for layer in layers if layer.name not in left)
    count = sum(layer.count_params() for layer in layers)
    return taken / count if count else 1.0


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


def _transfer(source: keras.Model, network: keras.Model) -> list[str] | None:
    """Copies one network's weights, and returns the names of the layers that have none of them.

    If too little fits, nothing is copied, and it returns `None`. The constant weights are copied
    too: the layers after them were trained on what they give.
    """
    layers = list(layers_with_weights(network, constant=True))
    others = list(layers_with_weights(source, constant=True))
    matcher = SequenceMatcher(
        None, [_signature(each) for each in others], [_signature(each) for each in layers], False
    )
    pairs = {
        to + step: begin + step
        for begin, to, length in matcher.get_matching_blocks()
        for step in range(length)
    }
    left = [layer.name for number, layer in enumerate(layers) if number not in pairs]
    if part_taken(network, left) < _LEAST_PART:
        return None
    for to, begin in pairs.items():
        layers[to].set_weights(others[begin].get_weights())
    return left


def _signature(layer: keras.layers.Layer) -> tuple[Any, ...]:
    return (type(layer).__name__, *(tuple(weight.shape) for weight in layer.weights))
