"""What the person who exports an entry says about it."""

import json
from pathlib import Path

import msgspec

from kerasgan.errors import UserError, shortened
from kerasgan.files.regular_file import read_text
from kerasgan.zoo.entry_files import METRICS

_LONGEST_LINE = 200
_LONGEST_DESCRIPTION = 10_000


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """The words of an entry's author, which its card shows; an empty text was not given.

    Attributes:
        title: The card's title, one line.
        description: What the model draws and was made for, in Markdown.
        license: The licence, best as an identifier of SPDX such as `cc-by-4.0`.
        author: Who trained the model.

    Raises:
        UserError: A text is too long, or one that must be a line has several.
    """

    title: str = ""
    description: str = ""
    license: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "license", "author"):
            text = getattr(self, name)
            if len(text) > _LONGEST_LINE or not text.isprintable():
                raise UserError(
                    f"{name} must be one line of at most {_LONGEST_LINE} printable characters. "
                    f"Received: {shortened(repr(text))}"
                )
        if len(self.description) > _LONGEST_DESCRIPTION:
            raise UserError(
                f"description must have at most {_LONGEST_DESCRIPTION:,} characters. Received: "
                f"{len(self.description):,}; write the rest into notes.md in the entry"
            )

    def updated(self, **texts: str | None) -> "About":
        """Returns these words with other texts in place of some; `None` keeps a text."""
        given = {name: text.strip() for name, text in texts.items() if text is not None}
        return msgspec.structs.replace(self, **given)


def about_of(folder: Path) -> About:
    """Returns what an entry says about itself; nothing where there is no readable entry."""
    try:
        metrics = json.loads(read_text(folder / METRICS))
        return msgspec.convert(metrics["about"], About)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return About()
