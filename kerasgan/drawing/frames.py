"""Frames that are drawn when they are asked for."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Frame = TypeVar("Frame")


class Frames(Sequence[Frame]):
    """A sequence of which nothing is kept: each frame is drawn, anew, when it is asked for.

    Args:
        count: How many there are.
        draw: Draws one by its number.
    """

    def __init__(self, count: int, draw: Callable[[int], Frame]) -> None:
        self._numbers = range(count)
        self._draw = draw

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: int | slice) -> "Frame | Frames[Frame]":
        if isinstance(index, slice):
            numbers = self._numbers[index]
            return Frames(len(numbers), lambda number: self._draw(numbers[number]))
        return self._draw(self._numbers[index])
