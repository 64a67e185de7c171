"""The devices that a training runs on, as a strategy of TensorFlow's own engine."""

import contextlib
import os
import re
from typing import Any

import tensorflow as tf

from kerasgan.distribution.workers import worker_count
from kerasgan.errors import UserError, shortened

_DEVICES = "all, a number of GPUs, or cpu:N for N parts of this processor"


def strategy_for(devices: str | int = "all") -> tf.distribute.Strategy | None:
    """Returns the strategy of the chosen devices, those of other workers included.

    One device needs no strategy, which would cost a millisecond of each step: TensorFlow then sees
    no other, and the result is `None`.

    Several workers are those of the environment variable `TF_CONFIG`; see
    `kerasgan.distribution.workers.set_workers`. It has to be called before TensorFlow computes
    anything.

    Args:
        devices: `"all"`, every GPU, or the processor if there is none; a number, so many GPUs; or
            `"cpu:N"`, N logical devices of the processor, which share its cores: no faster than
            one, but the same program as on N GPUs.

    Raises:
        UserError: `devices` is something else, or there are fewer; or TensorFlow has computed
            already.
    """
    names = _names(devices)
    if worker_count() > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    if len(names) == 1:
        return None
    if names[0].startswith("CPU"):
        # Adds up in the order of the devices, and needs no collective operations.
        reduction = tf.distribute.ReductionToOneDevice()
        return tf.distribute.MirroredStrategy(names, cross_device_ops=reduction)
    return tf.distribute.MirroredStrategy(names)


def _names(devices: str | int) -> list[str]:
    match = re.fullmatch(r"all|(cpu:)?([1-9]\d{0,3})", str(devices))
    if not match:
        raise UserError(f"devices must be {_DEVICES}. Received: {shortened(repr(devices))}")
    if match[1]:
        if worker_count() > 1 and match[2] != "1":
            raise UserError(
                "Several workers use one processor each: give each core a worker of its own "
                f"instead. Received: devices={devices}"
            )
        return _logical_processors(int(match[2]))
    gpus = tf.config.get_visible_devices("GPU")
    if not match[2]:
        chosen = gpus
    elif len(gpus) < int(match[2]):
        raise UserError(
            f"There are {len(gpus)} GPUs that TensorFlow can use: devices must be {_DEVICES}. "
            f"Received: devices={devices}"
        )
    else:
        chosen = gpus[: int(match[2])]
    set_memory_growth(chosen)
    with contextlib.suppress(RuntimeError):  # TensorFlow has started with all of them already.
        if chosen:
            tf.config.set_visible_devices(chosen, "GPU")
    return [f"GPU:{number}" for number in range(len(chosen))] or ["CPU:0"]


def _logical_processors(count: int) -> list[str]:
    try:
        tf.config.set_visible_devices([], "GPU")
        if count > 1:
            tf.config.set_logical_device_configuration(
                tf.config.get_visible_devices("CPU")[0],
                [tf.config.LogicalDeviceConfiguration()] * count,
            )
    except RuntimeError:
        raise UserError(
            f"devices=cpu:{count} has to be chosen before TensorFlow computes anything: begin with "
            "it in a new process"
        ) from None
    return [f"CPU:{number}" for number in range(count)]


def set_memory_growth(gpus: list[Any] | None = None) -> None:
    """Makes TensorFlow take the memory of GPUs as it needs it, not all of it at once.

    It does nothing where the environment variable `TF_FORCE_GPU_ALLOW_GROWTH` decides that, or
    TensorFlow has started already.

    Args:
        gpus: Devices of TensorFlow; by default all that are visible.
    """
    if "TF_FORCE_GPU_ALLOW_GROWTH" in os.environ:
        return
    with contextlib.suppress(RuntimeError):
        for gpu in tf.config.get_visible_devices("GPU") if gpus is None else gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
