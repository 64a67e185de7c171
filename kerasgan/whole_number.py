"""The check of integers that networks and models share."""

import operator
from typing import Any


def whole_number(name: str, value: Any, *, least: int) -> int:
    """Returns `value` as an int.

    Raises:
        ValueError: It is not an integer of at least `least`.
    """
    try:
        whole = operator.index(value)
    except TypeError:
        whole = least - 1
    if whole < least:
        raise ValueError(
            f"{name} must be an integer of at least {least}. Received: {name}={value!r}"
        )
    return whole
