"""Where the windows of a convolution lie along one axis of its maps."""

from typing import NamedTuple

import numpy as np


class Neighbourhoods(NamedTuple):
    """Which windows and taps the outputs of a transposed convolution are sums of, along one axis.

    The output at `stride * block + place` is a sum over the windows `block + neighbour`; it lies at
    the tap `place + before - stride * neighbour` of each.

    Attributes:
        cells: The padded windows that each block of outputs sees, `(blocks, neighbours)`.
        padding: Windows to add before the first and after the last.
        taps: The tap for each place in a block and neighbour, `(stride, neighbours)`; -1 where
            there is none.
    """

    cells: np.ndarray
    padding: tuple[int, int]
    taps: np.ndarray

    @property
    def reach(self) -> int:
        """The number of windows that a block sees before or after its own, whichever is larger."""
        return max(self.padding)


class Windows(NamedTuple):
    """The windows along one axis.

    Attributes:
        size: Places of the axis.
        count: Windows.
        kernel_size: Places of a window.
        stride: Places from one window to the next.
        before: Places that padding adds before the first.
        after: Places that it adds after the last.
        padding_name: TensorFlow's name of the padding: "SAME" or "VALID".
    """

    size: int
    count: int
    kernel_size: int
    stride: int
    before: int
    after: int
    padding_name: str

    @classmethod
    def along(cls, size: int, kernel_size: int, stride: int, padding: str) -> "Windows":
        """Returns the windows that TensorFlow uses for the padding "same" or "valid"."""
        if padding == "valid":
            count = (size - kernel_size) // stride + 1
            return cls(size, count, kernel_size, stride, 0, 0, "VALID")
        count = -(-size // stride)
        total = max((count - 1) * stride + kernel_size - size, 0)
        before = total // 2
        return cls(size, count, kernel_size, stride, before, total - before, "SAME")

    @property
    def padding(self) -> tuple[int, int]:
        return self.before, self.after

    @property
    def cells(self) -> np.ndarray:
        """What each window sees of the padded axis: `(count, kernel_size)`."""
        return np.arange(self.count)[:, None] * self.stride + np.arange(self.kernel_size)

    @property
    def neighbourhoods(self) -> Neighbourhoods:
        """What each block of `stride` places sees of the windows."""
        stride, before = self.stride, self.before
        blocks = -(-self.size // stride)
        first = -((self.kernel_size - 1 - before) // stride)
        last = (stride - 1 + before) // stride
        neighbours = np.arange(first, last + 1)
        taps = np.arange(stride)[:, None] + before - stride * neighbours
        taps = np.where((taps >= 0) & (taps < self.kernel_size), taps, -1)
        cells = np.arange(blocks)[:, None] + neighbours - first
        return Neighbourhoods(cells, (-first, max(blocks + last - self.count, 0)), taps)
