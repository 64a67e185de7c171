"""Arrays in `.npy` files that may be anyone's."""

import math
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kerasgan.errors import UserError
from kerasgan.regular_file import open_regular

_READ_HEADER = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npy(path: str | Path, *, what: str) -> np.ndarray:
    """Reads an array of real numbers.

    NumPy makes room for all that the header of a file claims before it reads on; here the file
    must be as long as its header claims.

    Args:
        path: The file.
        what: What it holds, for messages.

    Raises:
        UserError: The file is missing, no `.npy` file or cut off, or holds no real numbers.
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
                    f"{path} is cut off or damaged: it claims an array of shape {shape}, "
                    f"{claimed:,} bytes, and has {there:,}"
                )
            file.seek(0)
            return _array(file, path)
    except OSError as error:
        raise UserError(f"Cannot read {what} {path}: {error.strerror or error}") from None


def _header(file: BinaryIO, path: str | Path) -> tuple[tuple[int, ...], np.dtype]:
    try:
        shape, _, dtype = _READ_HEADER[np.lib.format.read_magic(file)](file)
        # Sides of thousands of digits are not worth a message of their own.
        if dtype.hasobject or any(abs(side) >= 2**63 for side in shape):
            raise ValueError
    except OSError:
        raise
    except Exception:  # NumPy reads a header as Python, and raises nearly anything on others
        raise UserError(f"{path} is not a .npy file of numbers") from None
    return shape, dtype


def _array(file: BinaryIO, path: str | Path) -> np.ndarray:
    try:
        return np.load(file, allow_pickle=False)
    except (ValueError, OverflowError):
        raise UserError(f"{path} is not a .npy file of numbers") from None
