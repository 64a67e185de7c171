"""The source "wikiart": the WikiArt Dataset as downloaded, or paintings that were prepared."""

import json
from pathlib import Path
from typing import Any

from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.files_at import files_at
from kerasgan.data.sources.source import Source
from kerasgan.data.sources.tfds_folder import LAST_FILE
from kerasgan.data.sources.tfds_source import builder_source
from kerasgan.data.sources.wikiart_dump import wikiart_dump
from kerasgan.errors import UserError

_TFDS = "tensorflow_datasets."
# The table of a scraped folder, which only `kerasgan wikiart prepare` reads.
_UNPREPARED = "metadata.jsonl"
_CLASSES = ("genre", "genres", "style", "styles")
_LONGEST_LINE = 2**20


def wikiart_source(path: Path | None, split: str) -> Source:
    """Returns the paintings of the WikiArt Dataset, or of a folder that was prepared.

    Args:
        path: The folder or zip of the WikiArt Dataset, see `wikiart_dump`, or a folder that
            `kerasgan wikiart prepare` wrote, whose label sets are genre, style and artist.
        split: For a prepared folder, the split in TFDS's notation, such as `"train"` or `"test"`;
            for the WikiArt Dataset, `"train"`.

    Raises:
        UserError: There is no such path or split, or the paintings were scraped and not prepared.
    """
    if path is not None and is_prepared(path):
        return builder_source(_builder(path), split, where=str(path))
    tree = files_at(path, source="wikiart")
    if is_scraped(tree):
        raise UserError(
            f"{path} has scraped paintings and their {_UNPREPARED}: prepare them with "
            f"kerasgan wikiart prepare {path} OUT, and pass path=OUT"
        )
    return wikiart_dump(tree, split)


def is_scraped(tree: FileTree) -> bool:
    """Tells whether a folder or zip has paintings with a table that is to be prepared first.

    That is the table of `kerasgan wikiart scrape`, or one with genres or styles. It may be in a
    folder around all files, as zips often have it.
    """
    return any(
        name.split("/")[-1] == _UNPREPARED and name.count("/") < 2 and _has_classes(tree, name)
        for name in tree.names
    )


def _has_classes(tree: FileTree, table: str) -> bool:
    """Tells whether the first line of a table has a genre or a style."""
    try:
        with tree.open(table) as file:
            row = json.loads(file.readline(_LONGEST_LINE))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and not row.keys().isdisjoint(_CLASSES)


def wikiart_test_split(path: Path) -> str | None:
    """Returns the name of the split that a prepared folder keeps for testing, if it has one."""
    if not is_prepared(path):
        return None
    return "test" if "test" in _builder(path).info.splits else None


def is_prepared(path: Path) -> bool:
    """Tells whether a folder is a data set that `kerasgan wikiart prepare` or TFDS wrote."""
    return (path / LAST_FILE).is_file()


def _builder(path: Path) -> Any:
    import tensorflow_datasets as tfds

    try:
        _check_features((path / "features.json").read_text(encoding="utf-8"))
        return tfds.builder_from_directory(path)
    except Exception as error:  # TFDS raises nearly anything on files that are not its own
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(
            f"{path} is not a complete data set ({reason}): copy all its files, or prepare it again"
        ) from error


def _check_features(text: str) -> None:
    """Checks that a file names only features of TFDS, because TFDS imports any module it names."""

    def check(values: dict[str, Any]) -> None:
        for key in ("pythonClassName", "python_class_name", "type"):
            name = values.get(key, _TFDS)
            if not str(name).startswith(_TFDS):
                raise ValueError(
                    f"features.json names {str(name)[:80]!r}, which is not a feature of TFDS"
                )

    json.loads(text, object_hook=check)
