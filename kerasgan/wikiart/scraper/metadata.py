"""`metadata.jsonl`: a line for each stored image, as the Hugging Face imagefolder reads it."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kerasgan.errors import UserError
from kerasgan.files import atomic_write
from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.scraper.painting_id import is_safe_id
from kerasgan.wikiart.scraper.record import Record
from kerasgan.wikiart.scraper.state import State


def write_metadata(state: State, path: Path) -> None:
    """Writes the metadata of all stored paintings, whole or not at all, in the order of finding.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path) as file:
        for record in _records(state):
            line = json.dumps(msgspec.structs.asdict(record), ensure_ascii=False)
            file.write(line.encode() + b"\n")


def read_metadata(path: Path) -> list[Record]:
    """Returns the records of a file that `write_metadata` wrote.

    They pass the checks that the site's pages pass, since the file may have come from anywhere.

    Raises:
        UserError: The file cannot be read, or a line is not such a record.
    """
    if not path.is_file():
        raise UserError(f"{path} is no ordinary file: move it away, or give another --out")
    try:
        with path.open("rb") as file:
            return [
                _record(line, f"line {number} of {path}") for number, line in enumerate(file, 1)
            ]
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror}") from error


def _records(state: State) -> Iterator[Record]:
    labels: dict[str, dict[str, list[str]]] = {}
    for row in state.rows("SELECT painting, listing FROM labels ORDER BY listing"):
        kind, _, slug = row["listing"].partition(":")
        labels.setdefault(row["painting"], {}).setdefault(kind, []).append(slug)
    for row in state.rows("SELECT * FROM paintings WHERE status = 'stored' ORDER BY rowid"):
        found = labels.get(row["id"], {})
        values = {
            **dict(row),
            "file_name": _file_name(row["id"]),
            "genres": found.get("genre", []),
            "styles": found.get("style", []),
        }
        yield Record(**{field: values[field] for field in Record.__struct_fields__})


def _record(line: bytes, where: str) -> Record:
    try:
        record = msgspec.json.decode(line, type=Record)
        if not is_safe_id(record.id):
            raise ValueError(f"the id {clean_text(record.id, 40)!r} cannot be the name of a file")
        if record.file_name != _file_name(record.id):
            raise ValueError(f"file_name must be {_file_name(record.id)}")
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{where} was not written by kerasgan ({error}): move the file away, or give another "
            f"folder with --out. Received: {clean_text(repr(line[:200]), 80)}"
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


def _file_name(painting: str) -> str:
    return f"images/{painting}.jpg"
