"""Some images of an array, without copying them."""

from collections.abc import Iterator
from typing import Any

import numpy as np


class SelectedImages:
    """Images of an array in any order, read when they are asked for.

    Indexing by a number, a slice, numbers or a mask gives what it would give of `whole[rows]`,
    which is never made: the array may be a memory map larger than memory. `np.asarray` makes it.

    Args:
        whole: The array, `(n, ...)`.
        rows: Integers `(m,)` in [0, n): which of its images, in their order.
    """

    def __init__(self, whole: np.ndarray, rows: np.ndarray) -> None:
        self.whole = whole
        self.rows = np.asarray(rows, np.int64)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `whole[rows]`."""
        return (*self.rows.shape, *self.whole.shape[1:])

    @property
    def dtype(self) -> np.dtype:
        """The type of the values."""
        return self.whole.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> np.ndarray:
        if isinstance(index, tuple):
            raise TypeError(
                "selected images are indexed by their number alone: use images[number][...] or "
                f"np.asarray(images)[...]. Received: index={index!r}"
            )
        return self.whole[self.rows[index]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.whole[row] for row in self.rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("selected images become an array only by copying")
        return np.asarray(self.whole[self.rows], dtype)
