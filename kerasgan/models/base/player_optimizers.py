"""The optimizers of the players."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf

from kerasgan.distribution.replicas import global_mean, replica_count
from kerasgan.errors import shortened
from kerasgan.keras_private import layers_of

Optimizer = keras.optimizers.Optimizer | str | dict


def built_optimizer(
    optimizer: Optimizer, networks: Iterable[keras.Model]
) -> keras.optimizers.Optimizer:
    """Returns an optimizer of networks, with loss scaling where float16 needs it.

    An optimizer that is not built when a model is loaded would lose its slots.

    Raises:
        ValueError: The optimizer averages weights, or the networks have none to train.
    """
    networks = tuple(networks)
    check_trainable(networks)
    optimizer = keras.optimizers.get(optimizer)
    if getattr(innermost(optimizer), "use_ema", False):
        raise ValueError(
            "No optimizer may average weights: give the model ema_decay, which averages the "
            f"generator's. Received: {type(innermost(optimizer)).__name__}(use_ema=True)"
        )
    is_float16 = any(
        layer.compute_dtype == "float16" for network in networks for layer in layers_of(network)
    )
    if is_float16 and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    weights = [weight for network in networks for weight in network.trainable_variables]
    optimizer.build(weights)  # pyright: ignore[reportOptionalMemberAccess] (there is one)
    return optimizer


def innermost(optimizer: Any) -> Any:
    """Returns the optimizer that wrappers such as Keras's `LossScaleOptimizer` are around."""
    while (inner := getattr(optimizer, "inner_optimizer", None)) is not None:
        optimizer = inner
    return optimizer


def check_trainable(networks: Sequence[keras.Model]) -> None:
    """Raises ValueError if networks have no weights to train, such as frozen ones."""
    if not any(network.trainable_variables for network in networks):
        names = ", ".join(repr(network.name) for network in networks)
        raise ValueError(
            "Each player must have weights to train: set network.trainable = True, or freeze only "
            f"some layers. A step moves one player at a time by itself. Received: {names} with none"
        )


def check_loss(loss: Any, objective: str) -> None:
    """Raises ValueError unless the loss of an objective is a floating-point scalar tensor."""
    if not tf.is_tensor(loss):
        received = repr(loss)
    elif loss.shape.rank != 0:
        received = f"a loss of shape {loss.shape}"
    elif not loss.dtype.is_floating:
        received = f"a loss of {loss.dtype.name}"
    else:
        return
    raise ValueError(
        "A loss must be a floating-point scalar tensor, the mean over the batch: end it in "
        f"tf.reduce_mean, and return it. Received: {shortened(received)} in {objective}"
    )


def dense_gradients(
    gradients: Sequence[tf.Tensor | tf.IndexedSlices | None],
) -> list[tf.Tensor | None]:
    """Returns gradients as tensors.

    That of an embedding names a row once for each image that looks it up. Keras's Adam adds up the
    squares of these parts, where it should square their sum.
    """
    return [
        tf.convert_to_tensor(each) if isinstance(each, tf.IndexedSlices) else each
        for each in gradients
    ]


def with_regularization(
    gradients: Sequence[tf.Tensor | None], weights: Sequence[keras.Variable], scale: tf.Tensor
) -> list[tf.Tensor | None]:
    """Returns gradients with those of the penalties of the weights' regularizers added.

    Args:
        gradients: The gradients of a loss.
        weights: The weights.
        scale: What the loss was multiplied by.
    """
    added = list(gradients)
    for number, weight in enumerate(weights):
        if weight.regularizer is None:
            continue
        with tf.GradientTape() as tape:
            penalty = scale * tf.cast(weight.regularizer(weight), scale.dtype)
        slope = tape.gradient(penalty, weight.value)
        if slope is None:
            continue  # Of the regularizer L1L2(), whose weights are 0 unless they are given.
        gradient = added[number]
        added[number] = slope if gradient is None else gradient + slope
    return added


def finite_on_all_replicas(gradients: Sequence[tf.Tensor | None]) -> list[tf.Tensor | None]:
    """Returns gradients that are finite on all replicas or on none.

    Keras skips an update whose gradients are not finite, but looks at the first replica's alone.
    """
    finite = [tf.reduce_all(tf.math.is_finite(each)) for each in gradients if each is not None]
    share = global_mean(tf.cast(tf.reduce_all(finite), tf.float32))
    return [
        None if each is None else tf.where(share < 1.0, tf.cast(float("nan"), each.dtype), each)
        for each in gradients
    ]


def clipped_on_all_replicas(
    gradients: Sequence[tf.Tensor | None], optimizer: keras.optimizers.Optimizer
) -> list[tf.Tensor | None]:
    """Returns each replica's part of gradients that are clipped as those of one device are.

    An optimizer clips each replica's gradients before it adds them up, where their sum is meant.
    What is returned adds up to the clipped sum, and is too small to be clipped once more.

    Args:
        gradients: A replica's, of its part of the loss.
        optimizer: The optimizer that they are for.
    """
    inner = innermost(optimizer)
    each, whole, value = inner.clipnorm, inner.global_clipnorm, inner.clipvalue
    if not (each or whole or value):
        return list(gradients)
    present = global_mean([gradient for gradient in gradients if gradient is not None])
    # The mean is that part of the sum, of a loss that float16 has scaled.
    unit = optimizer.scale_loss(tf.ones(())) / replica_count()
    if each:
        present = [tf.clip_by_norm(gradient, each * unit) for gradient in present]
    elif whole:
        present, _ = tf.clip_by_global_norm(present, whole * unit)
    else:
        limit = value * unit
        present = [tf.clip_by_value(gradient, -limit, limit) for gradient in present]
    rest = iter(present)
    return [None if gradient is None else next(rest) for gradient in gradients]


def check_distinct(optimizers: dict[str, Optimizer | None]) -> None:
    """Raises ValueError if two players are given the same optimizer object."""
    seen = {}
    for name, optimizer in optimizers.items():
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            continue
        if (other := seen.setdefault(id(innermost(optimizer)), name)) != name:
            raise ValueError(
                f"{other} and {name} must each be an optimizer of its own: make two. "
                f"Received: the same {type(optimizer).__name__} for both"
            )
