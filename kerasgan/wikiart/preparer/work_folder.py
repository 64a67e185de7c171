"""The folder in which a preparation is under way."""

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import PIL

from kerasgan.data.decoder import Decoder
from kerasgan.errors import UserError
from kerasgan.files import remove_partial_files, write_text
from kerasgan.regular_file import read_text
from kerasgan.wikiart.preparer.paintings import Found, Painting
from kerasgan.wikiart.preparer.parts import Part

# Few enough that the bar moves and little is lost when a preparation is killed.
PART_SIZE = 256

# Raise it whenever the same paintings and options are decoded to other bytes.
_FORMAT = 1

# All that a preparation writes into its folder.
_PARTS, _DATASET, _MARKER = "parts", "tfds", "preparing.txt"


def start(work: Path, found: Found, paintings: Sequence[Painting], decoder: Decoder) -> list[Part]:
    """Returns the parts of a preparation, of which some may be prepared already.

    What an interrupted preparation decoded stays if it was of the same files and decoded alike.
    All else that it left is removed.

    Args:
        work: The folder, which exists.
        found: The source.
        paintings: Those of its paintings that are to be decoded.
        decoder: How.

    Raises:
        UserError: The folder is not of a preparation.
    """
    files = [painting.file for painting in paintings]
    identity = [_FORMAT, PIL.__version__, PART_SIZE, decoder.image_size, decoder.fit]
    encoded = json.dumps([*identity, files, found.tree.identity(files)])
    key = hashlib.sha256(encoded.encode()).hexdigest()
    _begin(work, key)
    return [
        Part(
            number=number,
            folder=str(work.absolute() / _PARTS),
            source=str(Path(found.tree.where).absolute()),
            revision=key,
            files=tuple(files[first : first + PART_SIZE]),
            decoder=decoder,
        )
        for number, first in enumerate(range(0, len(files), PART_SIZE))
    ]


def remove(work: Path) -> None:
    """Removes what a preparation wrote into its folder, and the folder if nothing else is in it."""
    _clear(work, keep_parts=False)
    (work / _MARKER).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        work.rmdir()


def _begin(work: Path, key: str) -> None:
    """Keeps the parts that have this key, and makes a folder without others of them."""
    marker = work / _MARKER
    remove_partial_files(work)
    others = sorted({path.name for path in work.iterdir()} - {_PARTS, _DATASET, _MARKER})
    begun = _key(marker)
    if others or (begun is None and any(work.iterdir())):
        reason = f"it has {others[0]}" if others else "no preparation was begun there"
        raise UserError(f"{work} is in the way ({reason}): move it, or give another OUT")
    _clear(work, keep_parts=begun == key)
    write_text(marker, key)


def _clear(work: Path, *, keep_parts: bool) -> None:
    for name in (_DATASET,) if keep_parts else (_PARTS, _DATASET):
        shutil.rmtree(work / name, ignore_errors=True)


def _key(marker: Path) -> str | None:
    """Returns the key of a preparation that was begun, or None."""
    try:
        text = read_text(marker)
    except (OSError, ValueError):
        return None
    return text if re.fullmatch("[0-9a-f]{64}", text) else None
