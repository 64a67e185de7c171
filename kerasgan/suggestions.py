"""Near names for a mistyped one."""

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns the end of an error message: the near names among `known`, or else all of them."""
    known = sorted(known)
    near = [other for other in known if other.lower() == name.lower()]
    near = near or difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; known are {', '.join(known)}" if known else "; there are none"
