"""Texts of any length in messages."""

import re

_LONGEST = 80
_LONGEST_PATH = 255
_LONGEST_MESSAGE = 2000


def shortened(text: object, length: int = _LONGEST) -> str:
    """Returns a text, or the first characters and an ellipsis of one that is longer."""
    text = str(text)
    return text if len(text) <= length else text[: length - 1] + "…"


def shortened_message(text: str) -> str:
    """Returns a message of one line that can be printed, in which no word is too long to read.

    Paths are longer than words, and of more use whole.
    """
    words = re.sub(r"\S{81,}", lambda word: _word(word[0]), " ".join(text.split()))
    # What stands for bytes that are no text can be written nowhere.
    return shortened(words, _LONGEST_MESSAGE).encode(errors="backslashreplace").decode()


def _word(word: str) -> str:
    return shortened(word, _LONGEST_PATH if "/" in word or "\\" in word else _LONGEST)
