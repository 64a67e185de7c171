"""Optimizers for players."""

from collections.abc import Sequence

import keras
import tensorflow as tf


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


def apply_together(
    optimizer: keras.optimizers.Optimizer,
    gradients: Sequence[tf.Tensor | None],
    weights: Sequence[keras.Variable],
) -> None:
    """Applies gradients once all of them are there.

    Keras joins them too, but in a way that graph optimizers take apart: a weight is then updated
    as soon as its own gradient is there, beside what computes the gradients of the layers below
    from that very weight. Repeated trainings of `WassersteinACGAN` now and then came to other
    gradients of its convolution so.
    """
    optimizer.apply(tf.tuple(gradients), weights)


def check_distinct(**optimizers: keras.optimizers.Optimizer | str | dict) -> None:
    """Checks that no optimizer is given twice, since its state is that of one kind of update.

    Args:
        **optimizers: What `compile` was given, by the names of its arguments.

    Raises:
        ValueError: Two are the same object.
    """
    seen = {}
    for name, optimizer in optimizers.items():
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            continue
        if (other := seen.setdefault(id(optimizer), name)) != name:
            raise ValueError(
                f"{other} and {name} must each be an optimizer of its own: make two. "
                f"Received: the same {type(optimizer).__name__} for both"
            )
