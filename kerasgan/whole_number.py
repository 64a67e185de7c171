"""The check of integers that networks and models share."""

import operator
from typing import Any


def whole_number(name: str, value: Any, *, least: int | None = None) -> int:
    """Returns `value` as an int.

    Args:
        name: What it is called in the message of an error.
        value: The value.
        least: The least that it may be; `None` is any.

    Raises:
        ValueError: It is not an integer of at least `least`.
    """
    try:
        whole = operator.index(value)
    except TypeError:
        whole = None
    if whole is None or (least is not None and whole < least):
        wanted = "an integer" if least is None else f"an integer of at least {least}"
        raise ValueError(f"{name} must be {wanted}. Received: {name}={value!r}")
    return whole
