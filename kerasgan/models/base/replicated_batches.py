"""Checks that a model and its batches can be divided among the replicas of a strategy."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from kerasgan.distribution.replicas import replicas_meet
from kerasgan.keras_private import layers_of
from kerasgan.layers import MinibatchDiscrimination, MinibatchStandardDeviation
from kerasgan.models.base.player_optimizers import innermost

if TYPE_CHECKING:
    from kerasgan.models.base.generative_model import GenerativeModel

_ACROSS_IMAGES = (MinibatchDiscrimination, MinibatchStandardDeviation)


def check_made_in_scope(networks: Mapping[str, keras.Model]) -> None:
    """Checks that networks were made in the scope of the strategy, if this is one.

    Raises:
        ValueError: One was made before. Its weights are on one device.
    """
    if not tf.distribute.has_strategy():
        return
    strategy = tf.distribute.get_strategy()
    for name, network in networks.items():
        for weight in network.weights:
            if not strategy.extended.variable_created_in_scope(weight.value):
                raise ValueError(
                    f"The {name} was made outside of the strategy's scope: make the networks in it "
                    f"too, not only the model. Received: {name}={network.name!r} in a "
                    f"{type(strategy).__name__}"
                )


def check_batches(model: "GenerativeModel", arguments: Mapping[str, Any]) -> None:
    """Checks the arguments of `fit` or `evaluate` of a model with several replicas.

    Each replica has to have the same part of every batch: Keras would train on uneven parts, and
    means over them are no means over the batch.

    Args:
        model: The model.
        arguments: What was passed, by name.

    Raises:
        ValueError: A batch cannot be divided evenly, the model makes several steps per execution,
            an optimizer accumulates gradients, or a layer cannot see the whole batch.
    """
    strategy = model.distribute_strategy
    if replicas_meet(strategy) and model.steps_per_execution > 1:
        raise ValueError(
            f"steps_per_execution must be 1 in a {type(strategy).__name__}. "
            f"Received: steps_per_execution={model.steps_per_execution}"
        )
    if (replicas := strategy.num_replicas_in_sync) == 1:
        return
    for name in model.optimizer_names:
        steps = innermost(getattr(model, name)).gradient_accumulation_steps
        if steps is not None:
            raise ValueError(
                f"An optimizer cannot accumulate gradients on {replicas} replicas: leave it out, "
                f"and make batches larger. Received: {name} with "
                f"gradient_accumulation_steps={steps}"
            )
    _check_layers(model)
    _check_size(arguments.get("x"), arguments, replicas)
    if arguments.get("validation_data") is not None:
        x = arguments["validation_data"]
        x = x[0] if isinstance(x, list | tuple) else x
        batch = arguments.get("validation_batch_size") or arguments.get("batch_size")
        _check_size(x, {"batch_size": batch}, replicas)


def _check_size(x: Any, arguments: Mapping[str, Any], replicas: int) -> None:
    """Raises ValueError unless the batches of some images have one size, a multiple of replicas."""
    if isinstance(x, tf.distribute.DistributedDataset):
        return
    if isinstance(x, tf.data.Dataset):
        sizes = {spec.shape[0] if spec.shape.rank else None for spec in _specs(x)}
        if None in sizes:
            raise ValueError(
                f"All batches must have one size on {replicas} replicas: make them with "
                "batch(…, drop_remainder=True). Received: a dataset with batches of any size"
            )
        batch = sizes.pop()
    else:
        if not hasattr(first := tf.nest.flatten(x)[0], "shape"):
            raise ValueError(
                f"On {replicas} replicas images are a tf.data.Dataset or an array. "
                f"Received: {type(x).__name__}"
            )
        batch, images = arguments.get("batch_size") or 32, len(first)
        # As Keras divides them.
        trained = int(images * (1.0 - (arguments.get("validation_split") or 0.0)))
        held_out_batch = arguments.get("validation_batch_size") or batch
        if trained % batch or (images - trained) % held_out_batch:
            split = f" and {images - trained} held out" if trained < images else ""
            raise ValueError(
                f"The number of images must be a multiple of batch_size on {replicas} replicas. "
                f"Received: {trained} images{split}, batch_size={batch}"
            )
        if held_out_batch % replicas:
            batch = held_out_batch
    if batch % replicas:
        raise ValueError(
            f"A batch must be divisible by the number of replicas, {replicas}. "
            f"Received: batches of {batch} images"
        )


def check_batch(model: "GenerativeModel", images: Any) -> None:
    """Checks the one batch of `train_on_batch` or `test_on_batch`; raises as `check_batches`."""
    arguments = {"x": images, "batch_size": len(images)}
    check_batches(model, arguments)


def _check_layers(model: "GenerativeModel") -> None:
    # See `WGANGP`: its replicas cannot tell which images of the others are penalized.
    fraction = getattr(model, "penalized_fraction", 1.0)
    for name, network in model.networks.items():
        for layer in layers_of(network):
            is_plain = isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
            if is_plain and not layer.synchronized:
                raise ValueError(
                    f"The layer {layer.name!r} of the {name} would normalize each replica's part "
                    "of a batch by itself: make it with synchronized=True. "
                    f"Received: {type(layer).__name__}(synchronized=False)"
                )
            if fraction < 1.0 and isinstance(layer, _ACROSS_IMAGES):
                raise ValueError(
                    f"The layer {layer.name!r} of the {name} compares the images of a batch, of "
                    "which only some are penalized: that needs penalized_fraction=1 on several "
                    f"replicas. Received: penalized_fraction={fraction}"
                )


def _specs(dataset: tf.data.Dataset) -> list[tf.TensorSpec]:
    return tf.nest.flatten(dataset.element_spec)
