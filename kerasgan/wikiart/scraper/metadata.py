"""`metadata.jsonl`: a line for each stored image, as the Hugging Face imagefolder reads it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write
from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.scraper.images import is_safe_id

_Side = Annotated[int, msgspec.Meta(gt=0, lt=2**31)]


class Record(msgspec.Struct, kw_only=True):
    """The line of a stored image.

    Attributes:
        file_name: `images/{id}.jpg`.
        id: The painting's id, which is safe as the name of a file.
        title: The title on one line, or "".
        artist: The artist's name on one line, or "".
        year: The year as the site writes it, or None.
        genres: Slugs of the painting's genres.
        styles: Slugs of the painting's styles.
        width: Width of the file in pixels.
        height: Height of the file in pixels.
        source_url: The address that the image was fetched from.
        sha256: SHA-256 of the file, in hexadecimal.
        fetched_at: When the image was fetched, in UTC.
    """

    file_name: str
    id: str
    title: str
    artist: str
    year: str | None
    genres: list[str]
    styles: list[str]
    width: _Side
    height: _Side
    source_url: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    fetched_at: str


def image_file_name(painting: str) -> str:
    """Returns the `file_name` of the painting with an id."""
    return f"images/{painting}.jpg"


def write_metadata(records: Iterable[Record], path: Path) -> None:
    """Writes the records of all stored paintings; the file is replaced once it is complete.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path) as file:
        for record in records:
            line = json.dumps(msgspec.structs.asdict(record), ensure_ascii=False)
            file.write(line.encode() + b"\n")


def read_metadata(path: Path) -> list[Record]:
    """Returns the records of a file that `write_metadata` wrote.

    The file may be anybody's, so the records must pass the checks that the site's pages pass.

    Raises:
        UserError: The file cannot be read, or a line is not such a record.
    """
    if not path.is_file():
        raise UserError(f"{path} is no ordinary file: move it away, or give another folder")
    try:
        with path.open("rb") as file:
            return [
                _record(line, f"line {number} of {path}") for number, line in enumerate(file, 1)
            ]
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror}") from error


def _record(line: bytes, where: str) -> Record:
    try:
        record = msgspec.json.decode(line, type=Record)
        if not is_safe_id(record.id):
            raise ValueError(f"the id {clean_text(record.id, 40)!r} cannot be the name of a file")
        if record.file_name != image_file_name(record.id):
            raise ValueError(f"file_name must be {image_file_name(record.id)}")
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{where} was not written by kerasgan ({error}): move the file away, or give another "
            f"folder. Received: {clean_text(repr(line[:200]), 80)}"
        ) from error
    return msgspec.structs.replace(
        record,
        title=clean_text(record.title),
        artist=clean_text(record.artist),
        year=None if record.year is None else clean_text(record.year),
        genres=[clean_text(genre) for genre in record.genres],
        styles=[clean_text(style) for style in record.styles],
        fetched_at=clean_text(record.fetched_at),
    )
