"""Initializers of networks that give many layers one distribution."""

from typing import Any

import keras


def for_each_layer(initializer: keras.initializers.Initializer) -> dict[str, Any]:
    """Returns a configuration, from which each layer makes an initializer of its own.

    Keras chooses an initializer's seed when it is made, so layers that share one begin with the
    same numbers.
    """
    return keras.initializers.serialize(initializer)
