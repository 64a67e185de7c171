"""Addresses of zoo entries on the Hugging Face Hub."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from kerasgan.errors import UserError, shortened

PREFIX = "hf://"
_ADDRESS = re.compile(r"hf://(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?", re.ASCII)


@dataclass(frozen=True)
class HubAddress:
    """An entry on the Hub; its text is `hf://USER/NAME` or `hf://USER/NAME@REVISION`.

    Attributes:
        repository: `USER/NAME`; `USER` may be an organization.
        revision: A branch, a tag or a commit; `None` is the newest commit.
    """

    repository: str
    revision: str | None = None

    @classmethod
    def parse(cls, text: str) -> "HubAddress":
        """Reads an address.

        Raises:
            UserError: The text is no such address.
        """
        match = _ADDRESS.fullmatch(text)
        if match is None:
            raise UserError(
                "A model on the Hugging Face Hub is written hf://USER/NAME or "
                f"hf://USER/NAME@REVISION. Received: {shortened(repr(text))}"
            )
        return cls(match["repository"], match["revision"])

    @property
    def name(self) -> str:
        """The name of the repository, without its user."""
        return self.repository.partition("/")[2]

    def __str__(self) -> str:
        revision = "" if self.revision is None else f"@{self.revision}"
        return f"{PREFIX}{self.repository}{revision}"


def is_hub_address(text: str | Path) -> TypeGuard[str]:
    """Tells whether a text means the Hub, rather than a name or a folder."""
    return isinstance(text, str) and text.startswith(PREFIX)
