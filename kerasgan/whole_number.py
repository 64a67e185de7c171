"""The check of integers that all arguments share."""

import operator
from typing import Any

from kerasgan.errors import shortened


def whole_number(
    name: str,
    value: Any,
    *,
    least: int | None = None,
    most: int | None = None,
    error: type[ValueError] = ValueError,
) -> int:
    """Returns `value` as an int.

    Args:
        name: What it is called in the message of an error.
        value: The value: an integer of Python or numpy; true and false are none.
        least: The least that it may be; `None` is any.
        most: The most that it may be, where there is a least; `None` is any.
        error: What to raise.

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
        raise error(f"{name} must be {wanted}. Received: {name}={shortened(repr(value))}")
    return whole
