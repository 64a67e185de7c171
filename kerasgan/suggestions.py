"""Suggestions for mistyped names."""

import difflib
from collections.abc import Iterable

# More names than this are not listed in a message.
_MOST_LISTED = 100


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns the end of an error message: similar names, or all known names if none is similar.

    Args:
        name: The mistyped name.
        known: The names that exist; if there are more than 100, they are not listed.
    """
    known = sorted(known)
    similar = [other for other in known if other.lower() == name.lower()]
    similar = similar or difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if similar:
        return f"; did you mean {' or '.join(similar)}?"
    if len(known) > _MOST_LISTED:
        return ""
    return f"; known are {', '.join(known)}" if known else "; there are none"
