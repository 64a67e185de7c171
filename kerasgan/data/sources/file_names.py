"""The names of files, from whatever program wrote them."""

import os
import unicodedata


def composed(name: str) -> str:
    """Returns a name in the form of Unicode that people type; macOS has letters in parts."""
    return unicodedata.normalize("NFC", name)


def decoded(name: str) -> str:
    """Returns the name of a file as text that UTF-8 can hold; if it is not UTF-8, from Latin-1."""
    encoded = os.fsencode(name)
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError:
        return encoded.decode("latin-1")


def is_visible(name: str) -> bool:
    """Tells whether no part of a name is hidden, or that of a folder that macOS adds to zips."""
    return not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
