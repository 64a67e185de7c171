"""Griffe extension: examples in docstrings are shown as code.

Griffe expects an indented section named `Examples`, as in Google's style guide. In this package, as
in Keras, `Example:` stands above lines that are not indented.
"""

import re
from typing import Any

import griffe

_BARE = re.compile(r"^(>>> (?:.+\n?)+)", re.MULTILINE)
_EXAMPLE = re.compile(r"^Example:\n((?:(?:>>>|\.\.\.|[^\s]).*\n?)+)", re.MULTILINE)


class IndentedExamples(griffe.Extension):
    """Indents the examples of every docstring."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrites the docstring of an object that was read."""
        if obj.docstring:
            text = _EXAMPLE.sub(_section, obj.docstring.value)
            obj.docstring.value = _BARE.sub(_block, text)


def _section(match: re.Match) -> str:
    lines = match[1].rstrip("\n").splitlines()
    return "Examples:\n" + "".join(f"    {line}\n" for line in lines)


def _block(match: re.Match) -> str:
    return "```pycon\n" + match[1].rstrip("\n") + "\n```\n"
