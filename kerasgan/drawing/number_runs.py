"""Runs of numbers, by which long lists of them are short to write."""

from collections.abc import Iterable


def number_runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Returns the first and the last number of each run in which numbers follow one another.

    Example:
    >>> number_runs([0, 1, 2, 3, 7])
    [(0, 3), (7, 7)]
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def numbers_text(numbers: Iterable[int]) -> str:
    """Returns numbers in words, runs of them by their ends.

    Example:
    >>> numbers_text([0, 1, 2, 3, 7])
    '0 to 3, 7'
    """
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in number_runs(numbers))
