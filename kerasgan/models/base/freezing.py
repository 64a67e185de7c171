"""Keeping the first layers of a network as they are."""

from collections.abc import Iterator

import keras


def layers_with_weights(
    network: keras.Model, *, constant: bool = False
) -> Iterator[keras.layers.Layer]:
    """Yields the layers of a network that have weights to train, from its inputs to its outputs.

    The layers of a network within the network stand in its place. Layers that were kept from
    training are among them; those that are made to stay as they are, such as `FrozenConv2D`, are
    only with `constant`.
    """
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from layers_with_weights(layer, constant=constant)
        elif layer.trainable_weights or (layer.weights and (constant or not layer.trainable)):
            yield layer


def freeze_first_layers(network: keras.Model, count: int) -> list[keras.layers.Layer]:
    """Keeps training from moving the first layers of a network, and returns them.

    Neither an optimizer nor a normalization then changes their weights. For a discriminator that
    begins with weights of another training this is FreezeD (Mo et al., "Freeze the Discriminator:
    a Simple Baseline for Fine-Tuning GANs", 2020, https://arxiv.org/abs/2002.10964): its first
    layers tell of pictures in general, and are the first to be spoilt by a few of them.

    Args:
        network: The network; it must be frozen before the model is compiled.
        count: How many of its first layers with weights to freeze, at least 0; one must be left.

    Raises:
        ValueError: `count` is out of range.
    """
    layers = list(layers_with_weights(network))
    if not 0 <= count < max(1, len(layers)):
        raise ValueError(
            f"count must be at least 0 and below {len(layers)}, the number of layers with weights "
            f"in {network.name}. Received: count={count}"
        )
    for layer in layers[:count]:
        layer.trainable = False
    return layers[:count]
