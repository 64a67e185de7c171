"""What no recipe can mean, whatever it describes."""

import math
from typing import Any

from kerasgan.recipes.argument_ranges import NETWORK, OBJECTIVE, OPTIMIZER, Range
from kerasgan.shortened import shortened

_DEEPEST = 16
_LONGEST = 4000  # characters of a text; paths may have 4096
_LARGEST_WHOLE = 2**63
# Values are computed with in float32.
_LARGEST = 3.4e38
_OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer", "autoencoder_optimizer")


def check_values(table: dict[str, Any]) -> None:
    """Checks every value of a recipe that is given as nested dicts, by itself.

    Types and names are left to whoever takes the values.

    Raises:
        ValueError: A number is not finite, too large to compute with or out of the range of what
            its key names, a text has a NUL in it or is very long, or tables are nested too deeply.
            The message begins with the key.
    """
    pending: list[tuple[tuple[str, ...], Any, dict[str, Range]]] = [((), table, {})]
    while pending:
        place, value, ranges = pending.pop()
        if len(place) > _DEEPEST:
            raise ValueError(f"{_dotted(place[:4])}: tables are nested more than {_DEEPEST} deep")
        if place and "\0" in place[-1]:
            raise ValueError(f"unknown key {_dotted(place)}: a NUL is in it")
        if isinstance(value, dict):
            pending += [((*place, str(key)), value[key], _ranges(place, ranges)) for key in value]
        elif isinstance(value, list):
            pending += [((*place, str(number)), each, ranges) for number, each in enumerate(value)]
        else:
            _check(place, value, ranges)


def _ranges(place: tuple[str, ...], ranges: dict[str, Range]) -> dict[str, Range]:
    """Returns the ranges of the keys of a table; tables within it have the same."""
    if len(place) == 1 and place[0] in ("generator", "discriminator", "encoder", "decoder"):
        return NETWORK
    if place == ("model",):
        return OBJECTIVE
    if len(place) == 2 and place[0] == "training" and place[1] in _OPTIMIZERS:
        return OPTIMIZER
    return ranges


def _check(place: tuple[str, ...], value: Any, ranges: dict[str, Range]) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValueError(f"{_dotted(place)} must not have a NUL in it, got {_shown(value)}")
    if isinstance(value, str) and len(value) > _LONGEST:
        raise ValueError(
            f"{_dotted(place)} must be at most {_LONGEST:,} characters long, got {_shown(value)}"
        )
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{_dotted(place)} must be a finite number, got {value}")
    largest = _LARGEST_WHOLE if isinstance(value, int) else _LARGEST
    if abs(value) >= largest:
        raise ValueError(f"{_dotted(place)} must be below {largest:.3g}, got {_shown(value)}")
    # A number in a list is one of the values of the list's key.
    key = next((part for part in reversed(place) if not part.isdigit()), "")
    if key in ranges and (wanted := ranges[key].lacks(value)):
        raise ValueError(f"{_dotted(place)} must be {wanted}, got {_shown(value)}")


def _dotted(place: tuple[str, ...]) -> str:
    return shortened(".".join(place).replace("\0", "\\0"))


def _shown(value: Any) -> str:
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"about 1e{len(str(abs(value))) - 1}" if abs(value) < 10**4000 else "more digits"
    return shortened(repr(value))
