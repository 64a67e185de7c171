"""`metadata.jsonl`: a line for each stored image, as the Hugging Face imagefolder reads it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.files import atomic_write
from kerasgan.wikiart.state import State

_FIELDS = {
    "file_name": str,
    "id": str,
    "title": str,
    "artist": str,
    "year": str | None,
    "genres": list,
    "styles": list,
    "width": int,
    "height": int,
    "source_url": str,
    "sha256": str,
    "fetched_at": str,
}


def write_metadata(state: State, path: Path) -> None:
    """Writes the metadata of all stored paintings, whole or not at all, in the order of finding.

    Raises:
        UserError: The file cannot be written.
    """
    with atomic_write(path) as file:
        for record in _records(state):
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def read_metadata(path: Path) -> list[dict[str, Any]]:
    """Returns the records of a file that `write_metadata` wrote.

    Raises:
        UserError: The file cannot be read, or a line is not such a record.
    """
    records = []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                records.append(_record(line, f"line {number} of {path}"))
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror}") from error
    return records


def _records(state: State) -> Iterator[dict[str, Any]]:
    labels: dict[str, dict[str, list[str]]] = {}
    for row in state.rows("SELECT painting, listing FROM labels ORDER BY listing"):
        kind, _, slug = row["listing"].partition(":")
        labels.setdefault(row["painting"], {}).setdefault(kind, []).append(slug)
    for row in state.rows("SELECT * FROM paintings WHERE status = 'stored' ORDER BY rowid"):
        found = labels.get(row["id"], {})
        values = {
            **dict(row),
            "file_name": f"images/{row['id']}.jpg",
            "genres": found.get("genre", []),
            "styles": found.get("style", []),
        }
        yield {field: values[field] for field in _FIELDS}


def _record(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    is_record = isinstance(record, dict) and all(
        isinstance(record.get(field), kind) for field, kind in _FIELDS.items()
    )
    if not is_record or record["file_name"] != f"images/{record['id']}.jpg":
        raise UserError(
            f"{where} was not written by kerasgan: move the file away, or give another folder "
            "with --out"
        )
    return record
