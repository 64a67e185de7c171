"""Optimizers for players."""

import keras


def optimizer_for(
    network: keras.Model, identifier: keras.optimizers.Optimizer | str | dict
) -> keras.optimizers.Optimizer:
    """Returns the optimizer of one network, built, and with loss scaling where float16 needs it.

    An optimizer that is not built when a model is loaded would lose its slots.

    Args:
        network: The network that it will train.
        identifier: A Keras optimizer, its name, or its serialized configuration.
    """
    optimizer = keras.optimizers.get(identifier)
    is_float16 = any(
        layer.compute_dtype == "float16" for layer in network._flatten_layers(recursive=True)
    )
    if is_float16 and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(network.trainable_variables)
    return optimizer
