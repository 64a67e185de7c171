"""Which arithmetic a training uses, chosen by what the processor is good at."""

import contextlib
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError

_UNKNOWN = (0, 0)
PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")


def resolve_precision(precision: str = "auto") -> str:
    """Returns the Keras dtype policy to train with.

    `"auto"` gives `"mixed_bfloat16"` where the hardware has bfloat16 arithmetic (on Linux
    AVX-512-BF16 or AMX on x86, and BF16 on Arm; a GPU of compute capability 8.0 or later, a TPU),
    `"mixed_float16"` on GPUs of compute capability 7.0 or later, whose fast units know no
    bfloat16, and `"float32"` elsewhere: emulated bfloat16 is many times slower than float32. Of
    several GPUs the oldest decides. Any other name is returned as it is.

    Raises:
        ValueError: `precision` is not one of `PRECISIONS`.
    """
    if precision not in PRECISIONS:
        raise UserError(f"precision must be one of {PRECISIONS}. Received: precision={precision!r}")
    if precision != "auto":
        return precision
    import tensorflow as tf

    if tf.config.get_visible_devices("TPU"):
        return "mixed_bfloat16"
    if gpus := tf.config.get_visible_devices("GPU"):
        oldest = _oldest(gpus)
        if oldest >= (8, 0):
            return "mixed_bfloat16"
        return "mixed_float16" if oldest >= (7, 0) else "float32"
    return "mixed_bfloat16" if _processor_has_bfloat16() else "float32"


def advice_on_precision(precision: str) -> list[str]:
    """Returns a line if a dtype policy has 16-bit numbers that the hardware emulates, or none."""
    native = resolve_precision()
    if precision in ("float32", native):
        return []
    import tensorflow as tf

    if gpus := tf.config.get_visible_devices("GPU"):
        oldest = _oldest(gpus)
        # Of GPUs that are not Nvidia's nothing is known.
        if oldest == _UNKNOWN or (precision == "mixed_float16" and oldest >= (7, 0)):
            return []
    return [
        f"This machine emulates {precision}, which takes many times as long as {native}; a new "
        "run in training.precision auto takes what is fast"
    ]


@contextlib.contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Builds every layer made inside the `with` block under the Keras dtype policy `name`."""
    import keras

    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(previous)


def _oldest(gpus: list[Any]) -> tuple[int, int]:
    """Returns the lowest compute capability of some GPUs."""
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return min(detail.get("compute_capability", _UNKNOWN) for detail in details)


def _processor_has_bfloat16() -> bool:
    if platform.machine() not in ("x86_64", "aarch64"):
        return False
    try:
        information = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    flags = set(information.replace(":", " ").split())
    return bool(flags & {"avx512_bf16", "amx_bf16", "bf16"})
