"""What `run.json` and a line of `log.jsonl` must have to be of use."""

from typing import Annotated, Any

import msgspec

_Count = Annotated[int, msgspec.Meta(ge=0)]


class _Data(msgspec.Struct):
    path: str
    images: _Count
    fingerprint: str


class _Description(msgspec.Struct):
    recipe: dict[str, Any]
    data: _Data
    versions: dict[str, str]
    machine: dict[str, Any]


class _LogLine(msgspec.Struct):
    iteration: _Count
    seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.0


def check_description(description: Any) -> None:
    """Checks the parsed content of `run.json`.

    Raises:
        ValueError: Something is missing or of another type; the message names it.
    """
    msgspec.convert(description, _Description)


def is_log_line(line: Any) -> bool:
    """Returns whether a parsed line of the log has its iteration, and metrics that are numbers."""
    try:
        msgspec.convert(line, _LogLine)
    except msgspec.ValidationError:
        return False
    return all(isinstance(value, int | float) for value in line.values())
