"""What a network does to its outputs at last."""

from typing import Any

import keras

from kerasgan.keras_private import input_of, operation_of, output_number

# Layers, and operations of `keras.ops`, that are activations by themselves.
_ACTIVATIONS = (
    *("CELU", "ELU", "Elu", "FastLeakyReLU", "HardSigmoid", "LeakyReLU", "LeakyRelu"),
    *("LogSoftmax", "PReLU", "ReLU", "Relu", "Relu6", "Sigmoid", "Softmax", "Softplus", "Tanh"),
)


# What only arranges values.
_ARRANGEMENTS = ("Flatten", "Reshape")


def last_operation(output: Any) -> Any:
    """Returns the layer or operation that a network's output is from.

    Of a functional or sequential model within the network it is this model's last layer.

    Args:
        output: One of the outputs of a functional or sequential model, a `KerasTensor`.
    """
    return operation_of(_innermost(output))


def last_activation(output: Any) -> tuple[str, str]:
    """Returns the names of the layer that a network's output has its activation from, and of that.

    Layers after it that only arrange values, and linear activations, are passed over. Of an
    operation that is an activation by itself, the second is its name in lower case; if there is no
    activation, it is "".

    Args:
        output: One of the outputs of a functional or sequential model, a `KerasTensor`.
    """
    while True:
        operation = operation_of(output := _innermost(output))
        name = _activation(operation)
        is_linear = isinstance(operation, keras.layers.Activation) and name == "linear"
        if not is_linear and type(operation).__name__ not in _ARRANGEMENTS:
            return operation.name, name
        if (before := input_of(output)) is None:
            return operation.name, name
        output = before


def _innermost(output: Any) -> Any:
    """Returns the same output as that of a layer within models."""
    # What a subclassed model does at last is not known.
    while isinstance(model := operation_of(output), keras.Model) and _has_graph(model):
        output = model.outputs[output_number(output)]
    return output


def _has_graph(model: keras.Model) -> bool:
    return bool(getattr(model, "outputs", None))


def _activation(operation: Any) -> str:
    """Returns the name of an operation's own activation in lower case, "" if it has none."""
    kind = type(operation).__name__
    if (activation := getattr(operation, "activation", None)) is not None:
        return getattr(activation, "__name__", type(activation).__name__).lower()
    return kind.lower() if kind in _ACTIVATIONS else ""
