"""What Keras knows of networks and has no public name for.

All that kerasgan needs of Keras's private names, but for methods that it overrides, is here, so
that one file has to follow when they change.
"""

from typing import Any

import keras


def layers_of(network: keras.Model, *, nested: bool = True) -> list[keras.Layer]:
    """Returns a network and its layers, if `nested` those within layers too."""
    return list(network._flatten_layers(recursive=nested))


def nodes_of(network: keras.Model) -> list[Any]:
    """Returns the calls of layers that a functional network is made of, each with its `outputs`."""
    return [node for nodes in network._nodes_by_depth.values() for node in nodes]


def has_just_moved(optimizer: keras.optimizers.Optimizer) -> Any:
    """Returns whether an optimizer's last call moved weights, a boolean scalar.

    With `gradient_accumulation_steps` only one of so many calls does; without, all do.
    """
    steps = optimizer.gradient_accumulation_steps
    return True if steps is None else optimizer._iterations % steps == 0


def operation_of(tensor: Any) -> Any:
    """Returns the layer or operation that a `KerasTensor` is an output of."""
    return tensor._keras_history.operation


def input_of(tensor: Any) -> Any:
    """Returns the first `KerasTensor` that the layer or operation of another one was called on.

    It is `None` of an input.
    """
    history = tensor._keras_history
    inputs = history.operation._inbound_nodes[history.node_index].input_tensors
    return inputs[0] if inputs else None


def output_number(tensor: Any) -> int:
    """Returns which of the outputs of its layer or operation a `KerasTensor` is."""
    return tensor._keras_history.tensor_index
