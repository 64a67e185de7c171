"""How much memory a training needs, and whether this machine has it."""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import tensorflow as tf
from rich.filesize import decimal

from kerasgan.errors import UserError
from kerasgan.keras_private import nodes_of

_BYTES = 4  # of a float32
# A weight that is trained has a gradient, and of most optimizers a moment.
_COPIES = 3
# Layers whose outputs take no memory of their own.
_VIEWS = (keras.layers.Flatten, keras.layers.InputLayer, keras.layers.Reshape)
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def check_memory(build: Callable[[], dict[str, keras.Model]], batch_size: int) -> None:
    """Refuses networks that this machine cannot train, before they take any memory.

    The estimate is a lower bound: the weights with their gradients and their optimizer, and the
    activations of one batch.

    Args:
        build: Builds the networks and returns them by their names. It is called once, where no
            weights are made.
        batch_size: Images in a batch.

    Raises:
        UserError: They need more memory than the machine has. The message says how much, and
            which network needs most.
    """
    # Keras numbers layers per thread: these do not shift the numbers of the real ones.
    with ThreadPoolExecutor(1) as thread:
        networks = thread.submit(_without_weights, build).result()
    available = memory_of_machine()
    needed = needed_memory(networks, batch_size)
    if available is None or needed <= available:
        return
    needs = {name: _needed(network, batch_size) for name, network in networks.items()}
    largest = max(needs, key=needs.__getitem__)
    raise UserError(
        f"This recipe would need at least {decimal(needed)} of memory, and this machine has "
        f"{decimal(available)}. [{largest}] needs {decimal(needs[largest])} of it, with "
        f"{networks[largest].count_params():,} parameters: make it or training.batch_size smaller"
    )


def needed_memory(networks: dict[str, keras.Model], batch_size: int) -> int:
    """Returns the bytes that networks need at least while they are trained; see `check_memory`."""
    return sum(_needed(network, batch_size) for network in networks.values())


def memory_of_machine() -> int | None:
    """Returns how many bytes of memory this process can use, or `None` if that is unknown."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return None
    try:
        return min(memory, int(_CGROUP_LIMIT.read_text()))
    except (OSError, ValueError):  # there is no container, or it has no limit
        return memory


def _without_weights(build: Callable[[], dict[str, keras.Model]]) -> dict[str, keras.Model]:
    with keras.StatelessScope(initialize_variables=False):
        return build()


def _needed(network: keras.Model, batch_size: int) -> int:
    activations = sum(
        tf.as_dtype(output.dtype).size * math.prod(size or 1 for size in output.shape[1:])
        for node in nodes_of(network)
        if not isinstance(node.operation, _VIEWS)
        for output in node.outputs
    )
    trained = sum(math.prod(weight.shape) for weight in network.trainable_weights)
    frozen = network.count_params() - trained
    return _BYTES * (_COPIES * trained + frozen) + batch_size * activations
