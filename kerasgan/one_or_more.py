"""Arguments that are one name or several."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

Name = TypeVar("Name", bound="str | Path")


def one_or_more(names: Name | Iterable[Name]) -> Iterable[Name]:
    """Returns names, and a single one as a tuple: a text would be read letter by letter.

    >>> one_or_more("monet")
    ('monet',)
    """
    # A `Name` that is a text or a path is a single one.
    return (names,) if isinstance(names, str | Path) else names  # pyright: ignore[reportReturnType]
