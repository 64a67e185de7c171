"""What a network does to its outputs at last."""

from typing import Any

import keras

from kerasgan.keras_private import operation_of, output_number

# Layers, and operations of `keras.ops`, that are activations by themselves.
_ACTIVATIONS = (
    *("CELU", "ELU", "Elu", "FastLeakyReLU", "HardSigmoid", "LeakyReLU", "LeakyRelu"),
    *("LogSoftmax", "PReLU", "ReLU", "Relu", "Relu6", "Sigmoid", "Softmax", "Softplus", "Tanh"),
)


def last_operation(output: Any) -> Any:
    """Returns the layer or operation that a network's output is from.

    Of a model within the network it is this model's last layer.

    Args:
        output: One of the outputs of a functional or sequential model, a `KerasTensor`.
    """
    operation = operation_of(output)
    while isinstance(operation, keras.Model) and operation.outputs:
        output = operation.outputs[output_number(output)]
        operation = operation_of(output)
    return operation


def last_activation(output: Any) -> tuple[str, str]:
    """Returns the names of the `last_operation` of a network's output, and of its activation.

    The activation of an operation that has none is "", of one that is an activation its name in
    lower case.

    Args:
        output: One of the outputs of a functional or sequential model, a `KerasTensor`.
    """
    operation = last_operation(output)
    kind = type(operation).__name__
    if (activation := getattr(operation, "activation", None)) is not None:
        name = getattr(activation, "__name__", type(activation).__name__)
    else:
        name = kind if kind in _ACTIVATIONS else ""
    return operation.name, name.lower()
