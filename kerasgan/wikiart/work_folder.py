"""The folder in which a preparation is under way."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import PIL

from kerasgan.data.decoder import Decoder
from kerasgan.errors import UserError
from kerasgan.files import atomic_write
from kerasgan.wikiart.paintings import Found, Painting
from kerasgan.wikiart.parts import Part

# Few enough that the bar moves and little is lost when a preparation is killed.
PART_SIZE = 256

# Raise it whenever the same paintings and options are decoded to other bytes.
_FORMAT = 1


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
    _clear(work, key)
    return [
        Part(
            number=number,
            folder=str(work.absolute() / "parts"),
            source=str(Path(found.tree.where).absolute()),
            revision=key,
            files=tuple(files[first : first + PART_SIZE]),
            decoder=decoder,
        )
        for number, first in enumerate(range(0, len(files), PART_SIZE))
    ]


def _clear(work: Path, key: str) -> None:
    marker = work / "preparing.txt"
    if not marker.exists() and any(work.iterdir()):
        raise UserError(f"{work} is in the way: move it elsewhere, or give another OUT")
    same = marker.exists() and marker.read_text(encoding="utf-8") == key
    for path in work.iterdir():
        if path.is_dir() and not (same and path.name == "parts"):
            shutil.rmtree(path)
    with atomic_write(marker) as file:
        file.write(key.encode())
