"""Reading weights from a PyTorch file without PyTorch, and without running code from the file."""

import pickle
import struct
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from kerasgan.errors import UserError

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ByteStorage": "|u1",
}


def read_tensors(path: str | Path) -> dict[str, np.ndarray]:
    """Returns the tensors of a state dictionary that `torch.save` wrote before PyTorch 1.6.

    A pickle may name any function for its reader to call; this reader calls only those that
    rebuild tensors.

    Args:
        path: The file.

    Returns:
        The tensors by their names, contiguous, with the shapes and dtypes they have in the file.

    Raises:
        UserError: The file is of another kind, holds something other than tensors, or is cut off.
    """
    try:
        with Path(path).open("rb") as file:
            return _read(file)
    except (
        OSError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        struct.error,
        pickle.UnpicklingError,
    ) as error:
        raise UserError(f"Cannot read tensors from {path}: {str(error)[:200]}") from None


def _read(file: BinaryIO) -> dict[str, np.ndarray]:
    if _TensorUnpickler(file).load() != _MAGIC:
        raise ValueError("it was not written by torch.save before PyTorch 1.6")
    _TensorUnpickler(file).load()  # the protocol's version
    if not _TensorUnpickler(file).load()["little_endian"]:
        raise ValueError("its numbers are big-endian")
    unpickler = _TensorUnpickler(file)
    tensors = unpickler.load()
    # The numbers follow the pickles, one storage after the other.
    for key in _TensorUnpickler(file).load():
        unpickler.storages[key].read(file)
    return {name: tensor.array() for name, tensor in tensors.items()}


@dataclass
class _Storage:
    """A run of numbers that several tensors may share."""

    dtype: np.dtype
    size: int
    numbers: np.ndarray | None = None

    def read(self, file: BinaryIO) -> None:
        (size,) = struct.unpack("<q", file.read(8))
        if size != self.size:
            raise ValueError(f"a storage should have {self.size} numbers, but has {size}")
        self.numbers = np.frombuffer(file.read(size * self.dtype.itemsize), self.dtype)
        if len(self.numbers) != size:
            raise ValueError("it is truncated")


@dataclass
class _Tensor:
    """A view into a storage; the steps count numbers, not bytes."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]

    def array(self) -> np.ndarray:
        numbers = self.storage.numbers
        if numbers is None:
            raise ValueError("a tensor has no numbers")
        reach = sum((size - 1) * step for size, step in zip(self.shape, self.steps, strict=True))
        inside = min((self.offset, *self.steps)) >= 0 and self.offset + reach < len(numbers)
        if 0 not in self.shape and not inside:
            raise ValueError("a tensor reaches beyond its storage")
        strides = [step * numbers.itemsize for step in self.steps]
        view = np.lib.stride_tricks.as_strided(numbers[self.offset :], self.shape, strides)
        return np.array(view, order="C")


class _TensorUnpickler(pickle.Unpickler):
    """Rebuilds dictionaries of tensors, and nothing else."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuilt
        if module == "torch" and name in _DTYPES:
            return np.dtype(_DTYPES[name])
        raise pickle.UnpicklingError(f"it holds {module}.{name}, which is not a tensor")

    def persistent_load(self, identifier: tuple) -> _Storage:
        kind, dtype, key, _, size, view = identifier
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"it refers to {kind!r}, which is not a tensor's storage")
        return self.storages.setdefault(key, _Storage(dtype, size))


def _rebuilt(
    storage: _Storage, offset: int, shape: tuple[int, ...], steps: tuple[int, ...], *_: Any
) -> _Tensor:
    return _Tensor(storage, offset, shape, steps)
