"""Shortening long texts for messages."""

import re

_LONGEST = 80
_LONGEST_PATH = 255
_LONGEST_MESSAGE = 2000


def shortened(text: object, length: int = _LONGEST) -> str:
    """Returns a text of at most `length` characters; a longer one ends with an ellipsis."""
    text = str(text)
    return text if len(text) <= length else text[: length - 1] + "…"


def shortened_message(text: str) -> str:
    """Returns a message in one printable line, with its longest words shortened.

    Paths may be longer than other words, because they are of no use when shortened.
    """
    words = re.sub(r"\S{81,}", lambda word: _word(word[0]), " ".join(text.split()))
    # Surrogates, which stand for undecodable bytes, cannot be printed.
    return shortened(words, _LONGEST_MESSAGE).encode(errors="backslashreplace").decode()


def _word(word: str) -> str:
    return shortened(word, _LONGEST_PATH if "/" in word or "\\" in word else _LONGEST)
