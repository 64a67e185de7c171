"""The checks of numbers and choices that arguments share."""

import math
import operator
from numbers import Real
from typing import Any

from kerasgan.errors import UserError, shortened


def whole_number(
    name: str,
    value: Any,
    *,
    least: int | None = None,
    most: int | None = None,
) -> int:
    """Returns `value` as an int.

    Args:
        name: What it is called in the message of an error.
        value: The value: an integer of Python or numpy; true and false are none.
        least: The least that it may be; `None` is any.
        most: The most that it may be, where there is a least; `None` is any.

    Raises:
        ValueError: It is not an integer from `least` to `most`.
    """
    try:
        whole = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        whole = None
    too_small = whole is not None and least is not None and whole < least
    too_large = whole is not None and most is not None and whole > most
    if whole is None or too_small or too_large:
        wanted = "an integer"
        if least is not None:
            wanted += f" of at least {least:,}" if most is None else f" from {least:,} to {most:,}"
        raise UserError(f"{name} must be {wanted}. Received: {name}={shortened(repr(value))}")
    return whole


def check_sizes(**sizes: int) -> None:
    """Raises ValueError unless each size, given by its name, is an integer of at least 1."""
    for name, size in sizes.items():
        whole_number(name, size, least=1)


def check_choice(known: tuple[Any, ...], **choice: Any) -> None:
    """Raises ValueError unless the choice, given by its name, is in `known`."""
    for name, value in choice.items():
        if value not in known:
            raise UserError(f"{name} must be one of {known}. Received: {name}={value!r}")


def check_not_negative(**values: float) -> None:
    """Raises ValueError if one of the numbers, given by their names, is negative or NaN."""
    for name, value in values.items():
        if not (isinstance(value, Real) and value >= 0.0):
            raise UserError(f"{name} must be at least 0. Received: {name}={value!r}")


def check_positive(**values: float) -> None:
    """Raises ValueError unless the numbers, given by their names, are above 0."""
    for name, value in values.items():
        if not (isinstance(value, Real) and value > 0.0):
            raise UserError(f"{name} must be positive. Received: {name}={value!r}")


def check_between(low: float, high: float, ends: str, **values: float) -> None:
    """Raises ValueError unless the numbers, given by their names, are in an interval.

    Args:
        low: The lower end of the interval.
        high: The upper end.
        ends: Its brackets, such as `"[)"` for `[low, high)`.
        values: The numbers.
    """
    for name, value in values.items():
        inside = isinstance(value, Real) and low <= value <= high
        at_open_end = (ends[0] == "(" and value == low) or (ends[1] == ")" and value == high)
        if not inside or at_open_end:
            raise UserError(
                f"{name} must be in {ends[0]}{low:g}, {high:g}{ends[1]}. Received: {name}={value!r}"
            )


def check_batch_norm(batch_norm_momentum: float, batch_norm_epsilon: float) -> None:
    """Raises ValueError unless a builder's options of its batch normalizations are in range."""
    check_between(0.0, 1.0, "[)", batch_norm_momentum=batch_norm_momentum)
    check_positive(batch_norm_epsilon=batch_norm_epsilon)


def number_or_nan(value: Any) -> float:
    """Returns a real number as a float, and anything else as NaN, which no comparison passes.

    >>> number_or_nan("3")
    nan
    """
    return float(value) if isinstance(value, Real) else math.nan
