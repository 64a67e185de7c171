"""The tables `metadata.jsonl` and `metadata.csv` of an image folder, and the paths in tables."""

import contextlib
import csv
import io
import json
import math
import os
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from kerasgan.data.sources.file_names import composed
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.errors import UserError, shortened

TABLES = ("metadata.jsonl", "metadata.csv")

# By the name of each column, its value: an integer, a number that is none, or a word.
Row = dict[str, str | int | float | None]

_FILE = "file_name"

# Not 007, which is a name. Tables with gaps are often written with 7.0 for 7.
_INTEGER = re.compile(r"-?(0|[1-9]\d*)(\.0+)?")
_NUMBER = re.compile(r"-?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?|-?inf", re.IGNORECASE)

# What statistical programs write for "missing".
_MISSING = {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "null", "NULL"}
# What they and people write for it between numbers. Among words these may be names, as of
# handwritten characters.
_MISSING_BETWEEN_NUMBERS = {"-", "."}

# Longer integers are codes of something, and no classes; Python refuses to convert the longest.
_MOST_DIGITS = 18


def read_table(tree: FileTree, table: str) -> Iterator[tuple[str, Row]]:
    """Yields the image of each line, and the values of its other columns; None where one has none.

    Of a list, which CSV has in JSON, the first element counts. Any value but a word or a number is
    None, as is NaN and what programs write for a missing value. Words have composed letters (NFC),
    and no spaces around them or in a row.

    Args:
        tree: The folder or zip.
        table: The name in it of a `metadata.jsonl` or `metadata.csv`, in UTF-8.

    Raises:
        UserError: As `read_rows`.
    """
    rows = [(path, row) for _, path, row in read_rows(tree, table)]
    if not table.endswith(".csv"):
        kinds = dict.fromkeys((column for _, row in rows for column in row), _plain)
    else:
        # A column is of numbers only if all of it is: one word makes the others names.
        columns = rows[0][1] if rows else ()
        rows = [(path, {key: _of_cell(value) for key, value in row.items()}) for path, row in rows]
        kinds = {column: _kind([row[column] for _, row in rows]) for column in columns}
    for path, row in rows:
        yield path, {column: kinds[column](value) for column, value in row.items()}


def read_rows(tree: FileTree, table: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yields where each line stands, its image, and the values of its other columns as written.

    Args:
        tree: The folder or zip.
        table: The name in it of a `metadata.jsonl` or `metadata.csv`, in UTF-8.

    Raises:
        UserError: It cannot be read, or a line has no `file_name`, or one out of the folder.
    """
    try:
        with tree.open(table) as file:
            text = file.read().decode("utf-8-sig")
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{tree.where}: {table} cannot be read ({error})") from error
    rows = _csv_rows if table.endswith(".csv") else _jsonl_rows

    def place(line: int) -> str:
        return f"{tree.where}: line {line} of {table}"

    for line, row in rows(text, place):
        path = path_inside(row.pop(_FILE, None), table, place(line), _FILE)
        yield f"line {line} of {table}", path, row


def _jsonl_rows(text: str, place: Callable[[int], str]) -> Iterator[tuple[int, dict[str, Any]]]:
    # Not splitlines: what JSON writes unescaped includes other line separators.
    for line, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise UserError(f"{place(line)} is not JSON ({error})") from error
        if not isinstance(row, dict):
            raise UserError(
                f"{place(line)} must be an object, such as "
                f'{{"{_FILE}": "1.png", "label": "cat"}}. Received: {written.strip()[:80]}'
            )
        yield line, row


def _plain(value: Any) -> str | int | float | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return int(value) if value.is_integer() else None if math.isnan(value) else value
    if isinstance(value, str):
        return _word(value)
    return value if isinstance(value, int) else None


def _of_cell(value: str) -> str | None:
    """Returns the word in a cell of CSV, or the first of its list."""
    each = cell_values(value)
    return _word(str(each[0])) if each and each[0] is not None else None


def cell_values(value: str) -> list[Any]:
    """Returns what is in a cell of CSV: the values of a list in JSON, or the text itself."""
    if value.lstrip().startswith("["):
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(value)
    return [value]


def is_missing(word: str) -> bool:
    """Tells whether a word stands for a missing value."""
    return word in _MISSING


def _word(value: str) -> str | None:
    # JSON may have halves of characters, which UTF-8 cannot hold.
    word = composed(" ".join(value.split())).encode("utf-8", "replace").decode("utf-8")
    return None if is_missing(word) else word


def _csv_rows(text: str, place: Callable[[int], str]) -> Iterator[tuple[int, dict[str, Any]]]:
    # Without translation of line ends: the csv module does its own.
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [" ".join(column.split()) for column in next(lines, [])]
        if _FILE not in columns or len(set(columns)) < len(columns):
            raise UserError(
                f"{place(1)} must name the columns, each once, {_FILE} among them. "
                f"Received: {', '.join(columns)[:80] or 'nothing'}"
            )
        rows = [(lines.line_num, values) for values in lines if values]
    except csv.Error as error:
        raise UserError(f"{place(lines.line_num)} is not CSV ({error})") from error
    for line, values in rows:
        if len(values) != len(columns):
            raise UserError(
                f"{place(line)} must have {len(columns)} values, one for each column. "
                f"Received: {len(values)}"
            )
        yield line, dict(zip(columns, values, strict=True))


def _kind(values: list[str | None]) -> Callable[[str | None], str | int | float | None]:
    """Returns what makes the values of a column integers, other numbers or words."""
    known = {value for value in values if value is not None} - _MISSING_BETWEEN_NUMBERS
    if not known:
        return lambda _: None
    if all(map(_is_integer, known)):
        return lambda value: int(value.partition(".")[0]) if value in known else None
    if all(_NUMBER.fullmatch(value) for value in known):
        return lambda value: float(value) if value in known else None
    return lambda value: value


def _is_integer(value: str) -> bool:
    return len(value) <= _MOST_DIGITS and _INTEGER.fullmatch(value) is not None


def path_inside(path: Any, table: str, where: str, column: str = "file_name") -> str:
    """Returns the name of an image, relative to its folder or zip, from its path in a table.

    Args:
        path: The value in the table.
        table: The name of the table, which the path is relative to; "" if the path is relative to
            the folder itself.
        where: The table and line, for messages.
        column: The name of the column, for messages.

    Raises:
        UserError: The value is not a path, or leads out of the folder.
    """
    if not isinstance(path, str) or not path.strip() or not _is_name(path):
        raise UserError(
            f"{where} needs a {column}, the path of an image. Received: {shortened(repr(path))}"
        )
    # Tables written on Windows have backslashes.
    slashed = path.strip().replace("\\", "/")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(table), slashed))
    if slashed.startswith("/") or slashed[1:2] == ":" or joined.split("/")[0] == "..":
        raise UserError(
            f"{where}: {column} must stay inside the folder. Received: {shortened(repr(path))}"
        )
    return joined


def _is_name(path: str) -> bool:
    """Tells whether the file system can have such a name; JSON allows NUL and half characters."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
