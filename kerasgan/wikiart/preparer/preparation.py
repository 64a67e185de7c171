"""What became of the paintings of a source."""

import collections
import json
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.files import atomic_write
from kerasgan.regular_file import read_text
from kerasgan.wikiart.preparer.paintings import Skip

# Beside the files of the data set.
_FILE = "preparation.json"


@dataclass(frozen=True)
class Preparation:
    """How a source was prepared.

    Attributes:
        source: What it was taken for, `"dump"` or `"image folder"`.
        options: The options of `prepare` that say what is written.
        written: By the name of each split, the number of its paintings.
        longer_sides: How many of them have a longer side in the source from each number of pixels
            on, but fewer than the next number.
        skipped: The paintings that are not in the data set.
    """

    source: str
    options: dict[str, Any]
    written: dict[str, int]
    longer_sides: dict[int, int]
    skipped: tuple[Skip, ...]

    @property
    def causes(self) -> dict[str, int]:
        """How many paintings were skipped for each cause, the commonest first."""
        counts = collections.Counter(skip.cause for skip in self.skipped)
        return dict(counts.most_common())

    def save(self, folder: Path) -> None:
        """Writes a file that says this beside a data set.

        Raises:
            UserError: It cannot be written.
        """
        document = {
            "source": self.source,
            "options": self.options,
            "written": self.written,
            "longer_sides": self.longer_sides,
            "skipped": [astuple(skip) for skip in self.skipped],
        }
        with atomic_write(folder / _FILE) as file:
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
            # A file's name need not be UTF-8; what stands for its bytes is escaped as JSON does.
            file.write(text.encode(errors="backslashreplace"))


def read_preparation(folder: Path) -> Preparation:
    """Returns how a data set was prepared.

    Raises:
        UserError: `prepare` did not write the folder, or its file cannot be read.
    """
    path = folder / _FILE
    try:
        document = json.loads(read_text(path))
        return Preparation(
            source=document["source"],
            options=document["options"],
            written=document["written"],
            longer_sides={int(least): count for least, count in document["longer_sides"].items()},
            skipped=tuple(Skip(*skip) for skip in document["skipped"]),
        )
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(
            f"{folder} was not written by kerasgan wikiart prepare: it has no {_FILE}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{path} cannot be read ({error}): prepare the data set anew") from error
