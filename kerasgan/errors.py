"""The errors that users are meant to see, and what their messages are made of."""

import difflib
import re
from collections.abc import Iterable

_LONGEST = 80
_LONGEST_PATH = 255
_LONGEST_MESSAGE = 2000
# More names than this are not listed in a message.
_MOST_LISTED = 100


class UserError(ValueError):
    """Bad input: a file, key or value that the user can correct.

    The message is one line that names what was received and how to correct it. The command line
    prints it without a traceback and exits with code 2.
    """


class NoSuchSplit(UserError):
    """The data have no split of the name that was asked for, or it is empty."""


class WorkerLost(RuntimeError):
    """Another worker of a training on several machines ended before it was done."""


class TrainingDiverged(RuntimeError):
    """A loss became NaN or too large; the message names it and the last good checkpoint."""


def shortened(text: object, length: int = _LONGEST) -> str:
    """Returns a text of at most `length` characters; a longer one ends with an ellipsis."""
    text = str(text)
    return text if len(text) <= length else text[: length - 1] + "…"


def shortened_path(path: object) -> str:
    """Returns a path of at most 255 characters; of a longer one the end, after an ellipsis."""
    text = str(path)
    return text if len(text) <= _LONGEST_PATH else "…" + text[1 - _LONGEST_PATH :]


def shortened_message(text: str) -> str:
    """Returns a message in one printable line, with its longest words shortened.

    Paths may be longer than other words, because they are of no use when shortened.
    """
    words = re.sub(r"\S{81,}", lambda word: _word(word[0]), " ".join(text.split()))
    # Surrogates, which stand for undecodable bytes, cannot be printed.
    return shortened(words, _LONGEST_MESSAGE).encode(errors="backslashreplace").decode()


def _word(word: str) -> str:
    return shortened_path(word) if "/" in word or "\\" in word else shortened(word)


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Returns those of some names that a mistyped name may mean."""
    known = sorted(known)
    similar = [other for other in known if other.lower() == name.lower()]
    return similar or difflib.get_close_matches(name, known, n=3, cutoff=0.6)


def did_you_mean(name: str, known: Iterable[str], *, known_are: str = "known are") -> str:
    """Returns the end of an error message: similar names, or all known names if none is similar.

    Args:
        name: The mistyped name.
        known: The names that exist; if there are more than 100, they are not listed.
        known_are: What stands before a list of all names.
    """
    known = sorted(known)
    if similar := near_names(name, known):
        return f"; did you mean {' or '.join(similar)}?"
    if len(known) > _MOST_LISTED:
        return ""
    return f"; {known_are} {', '.join(known)}" if known else "; there are none"
