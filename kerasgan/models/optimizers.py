"""Optimizers for players."""

import keras


def optimizer_for(
    identifier: keras.optimizers.Optimizer | str | dict, *networks: keras.Model
) -> keras.optimizers.Optimizer:
    """Returns an optimizer of networks, built, and with loss scaling where float16 needs it.

    An optimizer that is not built when a model is loaded would lose its slots.

    Args:
        identifier: A Keras optimizer, its name, or its serialized configuration.
        networks: What it will train.
    """
    optimizer = keras.optimizers.get(identifier)
    is_float16 = any(
        layer.compute_dtype == "float16"
        for network in networks
        for layer in network._flatten_layers(recursive=True)
    )
    if is_float16 and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build([weight for network in networks for weight in network.trainable_variables])
    return optimizer
