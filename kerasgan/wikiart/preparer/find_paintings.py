"""The paintings of a folder or zip, whichever layout it has."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from kerasgan.data.sources.file_names import composed
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.files_at import files_at
from kerasgan.data.sources.image_table import TABLES, cell_values, is_missing, read_rows
from kerasgan.data.sources.wikiart_dump import key, read_dump, repaired, table_rows, tables
from kerasgan.errors import UserError, shortened
from kerasgan.files.user_path import user_path
from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.preparer.painting import Collection, Painting, SkippedImage

_DUMP_TABLES = ("genre_train.csv", "genre_val.csv", "style_train.csv", "style_val.csv")

# The last year in a title, with the number that tells works of one title apart: `untitled-1979(3)`.
_YEAR = re.compile(r"^(?P<title>.*?)-?(?P<year>1[0-9]{3}|20[0-9]{2})(-[0-9]{1,2})?(\([0-9]+\))?$")


def find_paintings(path: str | Path) -> Collection:
    """Returns the paintings of a folder or zip, which may have either of two layouts.

    An *image folder* of Hugging Face, which `kerasgan wikiart scrape` writes too, has images, and
    beside or above them files `metadata.jsonl` or `metadata.csv`. Each row has the image's
    `file_name`, relative to the file that contains the row, and may have `id`, `title`, `artist`,
    `year`, and `genres` and `styles`, each a list (in csv files in JSON) or one name, or `genre`
    and `style`. Folders of splits are taken together.

    Of the WikiArt Dataset of ArtGAN (the *dump*; see `kerasgan.data.sources.wikiart_dump`), a
    part is enough. The artist, title and year are read from the file's name,
    `{artist}_{title}-{year}.jpg`, for the dump has nothing else about them. A painting that has
    two styles is there twice, with the same `identity`.

    No image is read.

    Args:
        path: The folder or zip.

    Raises:
        UserError: There is no such path, it has neither layout, it contains no painting, or a
            table cannot be read or has a wrong line.
    """
    path = user_path(path)
    if not path.exists():
        raise UserError(f"{path} does not exist: give a folder or zip of paintings")
    tree = files_at(path, source="wikiart")
    found = _in_image_folder(tree) or _in_dump(tree)
    if found is None:
        raise UserError(
            f"{path} is no collection of paintings: it has neither a metadata.jsonl or "
            "metadata.csv, as a scraped folder has, nor paintings in wikiart/{Style}/*.jpg, as "
            "the WikiArt Dataset of ArtGAN has them; give another folder or zip"
        )
    if not found.paintings:
        first = found.skipped[0] if found.skipped else None
        reason = f": {first.path} is left out ({first.cause})" if first else ""
        raise UserError(
            f"{path} has no painting that can be read{reason}; give another folder or zip"
        )
    return found


def _in_image_folder(tree: FileTree) -> Collection | None:
    """Returns the paintings that tables of metadata list, or None if there is no such table."""
    metadata = [name for name in tree.names if posixpath.basename(name) in TABLES]
    if not metadata:
        return None
    present, ids, listed = set(tree.names), set(), set()
    paintings, skipped = [], []
    for table in metadata:
        for line, path, row in read_rows(tree, table):
            file = tree.name_of(path)
            painting = _described_painting(row, file, f"{tree.where}: {line}")
            if not row.get("id"):
                painting = _with_own_id(painting, ids)
            if file not in present:
                skipped.append(SkippedImage(file, "missing file", line))
            elif file in listed or painting.id in ids:
                skipped.append(SkippedImage(file, "listed twice", line))
                listed.add(file)
            else:
                paintings.append(painting)
                listed.add(file)
                ids.add(painting.id)
    skipped += [
        SkippedImage(file, "not in the metadata") for file in tree.images if file not in listed
    ]
    paintings.sort(key=lambda painting: painting.id)
    return Collection("image folder", tree, paintings, skipped)


def _described_painting(row: dict[str, Any], file: str, where: str) -> Painting:
    identity = _text(row.get("id")) or composed(posixpath.splitext(file)[0])
    year = re.search(r"(?<!\d)\d{4}(?!\d)", _text(row.get("year")))
    return Painting(
        id=identity,
        file=file,
        identity=identity,
        artist=_text(row.get("artist")),
        title=_text(row.get("title")),
        year=int(year[0]) if year else -1,
        genres=_classes(row.get("genres") or row.get("genre"), where),
        styles=_classes(row.get("styles") or row.get("style"), where),
    )


def _text(value: Any) -> str:
    """Returns a value as text on one line that can be written in UTF-8, "" for None."""
    return "" if value is None else clean_text(str(value))


def _classes(value: Any, where: str) -> tuple[str, ...]:
    names = cell_values(value) if isinstance(value, str) else value
    names = names if isinstance(names, list) else [names]
    classes = dict.fromkeys(text for name in names if not is_missing(text := _text(name)))
    for name in classes:
        if name.startswith("[") and name.endswith("]"):
            raise UserError(
                f'{where} has a list that is not JSON; write it as ["one", "other"]. '
                f"Received: {shortened(name)}"
            )
    return tuple(classes)


def _in_dump(tree: FileTree) -> Collection | None:
    """Returns the paintings of the WikiArt Dataset, or None if the files are not laid out so."""
    dump = read_dump(tree)
    if not dump.names:
        return None
    paintings = [
        _named_painting(name, genre, style)
        for name, genre, style in zip(dump.names, dump.genres, dump.styles, strict=True)
    ]
    own, ids = [], set()
    for painting in sorted(paintings, key=lambda painting: painting.file):
        own.append(_with_own_id(painting, ids))
        ids.add(own[-1].id)
    own.sort(key=lambda painting: painting.id)
    return Collection("dump", tree, own, list(_missing_from_dump(tree, dump.names)))


def _named_painting(name: str, genre: str | None, style: str) -> Painting:
    file = PurePosixPath(key(repaired(name)))
    artist, _, rest = file.stem.partition("_")
    dated = _YEAR.match(rest)
    return Painting(
        id=str(file.with_suffix("")),
        file=name,
        identity=file.stem,
        artist=artist,
        title=(dated["title"] if dated else rest).replace("-", " "),
        year=int(dated["year"]) if dated else -1,
        genres=(genre,) if genre else (),
        styles=(style,),
    )


def _with_own_id(painting: Painting, taken: set[str]) -> Painting:
    """Returns a painting, its id with the ending of its file where another has the id already."""
    if painting.id not in taken:
        return painting
    return replace(painting, id=f"{painting.id}{PurePosixPath(painting.file).suffix}")


def _missing_from_dump(tree: FileTree, names: list[str]) -> Iterator[SkippedImage]:
    """Yields the paintings that the csv files name but the dump does not have."""
    present = {key(name) for name in names} | {key(repaired(name)) for name in names}
    places = tables(tree)
    for table in _DUMP_TABLES:
        if table not in places:
            continue
        for line, painting, _ in table_rows(tree, places[table]):
            if (missing := key(painting)) not in present:
                present.add(missing)
                yield SkippedImage(missing, "missing file", f"line {line} of {places[table]}")
