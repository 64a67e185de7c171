"""The folder in which a preparation works until its data set is complete."""

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import PIL

from kerasgan.data.decoder import Decoder
from kerasgan.errors import UserError
from kerasgan.files.atomic import remove_partial_files, write_text
from kerasgan.files.folder_lock import LOCK_FILE
from kerasgan.files.regular_file import read_text
from kerasgan.wikiart.preparer.painting import Collection, Painting
from kerasgan.wikiart.preparer.parts import Part

# Small enough that the progress bar moves and little is lost when a preparation is killed.
PART_SIZE = 256

# Raise this whenever the same paintings and options give other bytes than before.
_FORMAT = 3

# Everything that a preparation writes into its folder.
_PARTS, _DATASET, _MARKER = "parts", "tfds", "preparing.txt"


def start(
    work: Path, collection: Collection, paintings: Sequence[Painting], decoder: Decoder
) -> list[Part]:
    """Returns the parts of a preparation, some of which may be prepared already.

    The parts that an interrupted preparation decoded are kept if the files and the decoder are the
    same, but for those with files that could not be opened, which may be possible now. Everything
    else that it left is removed.

    Args:
        work: The folder, which exists.
        collection: The source.
        paintings: The paintings of the source that are to be decoded.
        decoder: Decodes them.

    Raises:
        UserError: The folder does not belong to a preparation.
    """
    files = [painting.file for painting in paintings]
    identity = [_FORMAT, PIL.__version__, PART_SIZE, decoder.image_size, decoder.fit]
    encoded = json.dumps([*identity, files, collection.tree.identity(files)])
    key = hashlib.sha256(encoded.encode()).hexdigest()
    _begin(work, key)
    parts = [
        Part(
            number=number,
            folder=str(work.absolute() / _PARTS),
            source=str(Path(collection.tree.where).absolute()),
            revision=key,
            files=tuple(files[first : first + PART_SIZE]),
            decoder=decoder,
        )
        for number, first in enumerate(range(0, len(files), PART_SIZE))
    ]
    for part in parts:
        part.forget_if_files_could_not_be_opened()
    return parts


def clear(work: Path) -> None:
    """Removes what a preparation wrote into its folder."""
    _remove(work, keep_parts=False)
    (work / _MARKER).unlink(missing_ok=True)


def _begin(work: Path, key: str) -> None:
    """Keeps the parts that have this key, and removes others."""
    marker = work / _MARKER
    remove_partial_files(work)
    present = {path.name for path in work.iterdir()} - {LOCK_FILE}
    others = sorted(present - {_PARTS, _DATASET, _MARKER})
    begun = _key(marker)
    if others or (begun is None and present):
        reason = f"it has {others[0]}" if others else "no preparation was begun there"
        raise UserError(
            f"{work} is in the way ({reason}): move it, or give another folder to write"
        )
    _remove(work, keep_parts=begun == key)
    write_text(marker, key)


def _remove(work: Path, *, keep_parts: bool) -> None:
    for name in (_DATASET,) if keep_parts else (_PARTS, _DATASET):
        shutil.rmtree(work / name, ignore_errors=True)


def _key(marker: Path) -> str | None:
    """Returns the key of the preparation that was begun, or None if there was none."""
    try:
        text = read_text(marker)
    except (OSError, ValueError):
        return None
    return text if re.fullmatch("[0-9a-f]{64}", text) else None
