"""The source "wikiart": paintings as they were downloaded, or prepared."""

import json
from pathlib import Path
from typing import Any

from kerasgan.data.sources.source import Source
from kerasgan.data.sources.tfds_source import builder_source
from kerasgan.data.sources.wikiart_dump import wikiart_dump
from kerasgan.errors import UserError

# What TFDS writes last.
_MARK = "dataset_info.json"
_TFDS = "tensorflow_datasets."
# What only `kerasgan wikiart prepare` reads the genres and styles of.
_UNPREPARED = "metadata.jsonl"


def wikiart_source(argument: str, path: Path | None, split: str) -> Source:
    """Returns the paintings of the WikiArt Dataset, or of a folder that was prepared.

    Args:
        argument: What followed `wikiart:`; must be empty.
        path: The folder or zip of the dump, see `wikiart_dump`, or a folder that
            `kerasgan wikiart prepare` wrote, whose label sets are genre, style and artist.
        split: Of a prepared folder in TFDS's notation, such as `"train"` or `"test"`; of the dump
            `"train"`.

    Raises:
        UserError: There is no such path or split, the folder holds paintings that are still to be
            prepared, or an argument was given.
    """
    if argument:
        raise UserError(
            'source "wikiart" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "wikiart:{argument}"'
        )
    if path is None or not _is_prepared(path):
        if path is not None and (path / _UNPREPARED).is_file():
            raise UserError(
                f"{path} holds paintings with their {_UNPREPARED}, as kerasgan wikiart scrape "
                f"writes them: make a data set of them by kerasgan wikiart prepare {path} OUT, "
                "and pass OUT"
            )
        return wikiart_dump(path, split)
    return builder_source(_builder(path), split, where=str(path))


def wikiart_test_split(path: Path) -> str | None:
    """Returns the name of the split that a prepared folder keeps for testing, if it has one."""
    if not _is_prepared(path):
        return None
    return "test" if "test" in _builder(path).info.splits else None


def _is_prepared(path: Path) -> bool:
    return (path / _MARK).is_file()


def _builder(path: Path) -> Any:
    import tensorflow_datasets as tfds

    try:
        _check_features((path / "features.json").read_text(encoding="utf-8"))
        return tfds.builder_from_directory(path)
    except Exception as error:  # TFDS raises nearly anything on files that are not its own
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(
            f"{path} is no whole data set ({reason}): prepare it anew, or copy all of its files"
        ) from error


def _check_features(text: str) -> None:
    """Checks that a file names features of TFDS alone: TFDS imports any module that it names."""

    def check(values: dict[str, Any]) -> None:
        for key in ("pythonClassName", "python_class_name", "type"):
            name = values.get(key, _TFDS)
            if not str(name).startswith(_TFDS):
                raise ValueError(f"features.json names {str(name)[:80]!r}, which is not of TFDS")

    json.loads(text, object_hook=check)
