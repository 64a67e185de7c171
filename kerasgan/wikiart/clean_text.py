"""Text of unknown origin, made safe to print on one line."""

import unicodedata

# Characters that reorder the text around them.
_DIRECTION_CHANGES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
# Control characters, lone halves of surrogate pairs (which UTF-8 cannot encode), and separators of
# lines and paragraphs.
_DROPPED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


def clean_text(text: str, longest: int = 500) -> str:
    """Returns text without control characters and runs of spaces, cut to `longest` characters.

    Its letters are composed (NFC), so that a name is the same from every file system.
    """
    text = unicodedata.normalize("NFC", text)
    readable = "".join(" " if _is_dropped(character) else character for character in text)
    line = " ".join(filter(None, readable.split(" ")))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _is_dropped(character: str) -> bool:
    return (
        unicodedata.category(character) in _DROPPED_CATEGORIES
        or unicodedata.bidirectional(character) in _DIRECTION_CHANGES
    )
