"""Checks of the numbers that objectives are given."""

import operator
from typing import Any


def whole_number(name: str, value: Any, *, least: int) -> int:
    """Returns `value` as an int.

    Raises:
        ValueError: It is no integer, or below `least`.
    """
    try:
        whole = operator.index(value)
    except TypeError:
        whole = least - 1
    if whole < least:
        raise ValueError(
            f"{name} must be {least}, {least + 1}, {least + 2}, ... Received: {name}={value!r}"
        )
    return whole


def check_not_negative(**values: float) -> None:
    """Raises ValueError if one of the numbers, given by their names, is negative or NaN."""
    for name, value in values.items():
        if not value >= 0.0:
            raise ValueError(f"{name} must not be negative. Received: {name}={value}")
