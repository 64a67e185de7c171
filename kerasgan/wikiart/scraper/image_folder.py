"""Paintings of an image folder: images, and a file that describes them."""

import contextlib
import csv
import io
import json
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.path_inside import path_inside
from kerasgan.errors import UserError
from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.preparer.paintings import Found, Painting, Skip

_METADATA = ("metadata.jsonl", "metadata.csv")


def image_folder(tree: FileTree) -> Found | None:
    """Returns the paintings of an `imagefolder` of Hugging Face, or None if it is none.

    Each row of a `metadata.jsonl` or `metadata.csv` has the image's `file_name`, relative to the
    file it stands in, and may have `id`, `title`, `artist`, `year`, and `genres` and `styles`, a
    list (in csv files in JSON) or one name, or `genre` and `style`. Folders of splits are taken
    together.

    Raises:
        UserError: A file cannot be read, or a row of it is wrong.
    """
    metadata = [name for name in tree.names if posixpath.basename(name) in _METADATA]
    if not metadata:
        return None
    here, seen, listed = set(tree.names), set(), set()
    paintings, skipped = [], []
    for name in metadata:
        for number, row in _rows(tree, name):
            where = f"line {number} of {name}"
            file = path_inside(row.get("file_name"), name, f"{tree.where}: {where}")
            painting = _painting(row, file)
            if file not in here:
                skipped.append(Skip(file, "missing file", where))
            elif file in listed or painting.id in seen:
                skipped.append(Skip(file, "listed twice", where))
            else:
                paintings.append(painting)
                listed.add(file)
                seen.add(painting.id)
    skipped += [Skip(file, "not in the metadata") for file in tree.images if file not in listed]
    paintings.sort(key=lambda painting: painting.id)
    return Found("image folder", tree, paintings, skipped)


def _painting(row: dict[str, Any], file: str) -> Painting:
    identity = _text(row.get("id")) or posixpath.splitext(file)[0]
    year = re.search(r"(?<!\d)\d{4}(?!\d)", _text(row.get("year")))
    return Painting(
        id=identity,
        file=file,
        identity=identity,
        artist=_text(row.get("artist")),
        title=_text(row.get("title")),
        year=int(year[0]) if year else -1,
        genres=_classes(row.get("genres") or row.get("genre")),
        styles=_classes(row.get("styles") or row.get("style")),
    )


def _text(value: Any) -> str:
    """Returns a value as text on one line that can be written in UTF-8, "" for None."""
    return "" if value is None else clean_text(str(value))


def _classes(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    names = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for name in names if (text := _text(name))))


def _rows(tree: FileTree, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields the number of each row's line, and the row."""
    try:
        with tree.open(name) as file:
            text = file.read().decode("utf-8-sig")
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{tree.where}: {name} cannot be read ({error})") from error
    if name.endswith(".csv"):
        yield from _csv_rows(tree, name, text)
        return
    # Not `splitlines`, which also ends lines where JSON's strings may go on.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise UserError(
                f"{tree.where}: line {number} of {name} must be a JSON object. "
                f"Received: {line.strip()[:200]!r}"
            )
        yield number, row


def _csv_rows(tree: FileTree, name: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            # The reader's marks of a value without a column, and of a column without a value.
            if None in row or None in row.values():
                raise UserError(
                    f"{tree.where}: line {reader.line_num} of {name} must have "
                    f"{len(reader.fieldnames)} values, one for each column: a comma in a value "
                    "needs quotation marks around it"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise UserError(
            f"{tree.where}: line {reader.line_num} of {name} is not CSV ({error})"
        ) from error
