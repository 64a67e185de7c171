"""Arguments that are one name or several."""

from collections.abc import Iterable


def one_or_more(names: str | Iterable[str]) -> Iterable[str]:
    """Returns names, and a single one as a tuple: a text would be read letter by letter.

    >>> one_or_more("monet")
    ('monet',)
    """
    return (names,) if isinstance(names, str) else names
