"""Reading `.npy` files that may come from anywhere."""

import math
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kerasgan.errors import UserError
from kerasgan.files.regular_file import open_regular

_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npy(path: str | Path, *, what: str) -> np.ndarray:
    """Reads an array of real numbers.

    NumPy allocates whatever the header of a file claims before it reads on, so this checks first
    that the file is as long as its header claims.

    Args:
        path: The file.
        what: What the file contains, for messages.

    Raises:
        UserError: The file is missing, truncated or not a `.npy` file, or has no real numbers.
    """
    try:
        with open_regular(path) as file:
            shape, dtype = _header(file, path)
            if dtype.kind not in "fiu":
                raise UserError(f"{path} is not a .npy file of real numbers")
            claimed, beginning = math.prod(shape) * dtype.itemsize, file.tell()
            there = file.seek(0, 2) - beginning
            if min(shape, default=0) < 0 or claimed > there:
                raise UserError(
                    f"{path} is truncated or damaged: its header claims an array of shape "
                    f"{shape}, {claimed:,} bytes, but there are {there:,}"
                )
            file.seek(0)
            return _array(file, path)
    except OSError as error:
        raise UserError(f"Cannot read {what} {path}: {error.strerror or error}") from None


def _header(file: BinaryIO, path: str | Path) -> tuple[tuple[int, ...], np.dtype]:
    try:
        shape, _, dtype = _READ_HEADER[np.lib.format.read_magic(file)](file)
        # A side of thousands of digits could not even be printed.
        if dtype.hasobject or any(abs(side) >= 2**63 for side in shape):
            raise ValueError
    except OSError:
        raise
    except Exception:  # NumPy evaluates headers as Python, and raises nearly anything
        raise UserError(f"{path} is not a .npy file of numbers") from None
    return shape, dtype


def _array(file: BinaryIO, path: str | Path) -> np.ndarray:
    try:
        return np.load(file, allow_pickle=False)
    except (ValueError, OverflowError):
        raise UserError(f"{path} is not a .npy file of numbers") from None
