"""Paintings of the WikiArt Dataset of ArtGAN."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.wikiart_dump import key, read_dump, repaired, table_rows, tables
from kerasgan.wikiart.preparer.paintings import Found, Painting, Skip

_TABLES = ("genre_train.csv", "genre_val.csv", "style_train.csv", "style_val.csv")

# The last year in a title, with the number that tells works of one title apart: `untitled-1979(3)`.
_YEAR = re.compile(r"^(?P<title>.*?)-?(?P<year>1[0-9]{3}|20[0-9]{2})(-[0-9]{1,2})?(\([0-9]+\))?$")


def dump_paintings(tree: FileTree) -> Found | None:
    """Returns the paintings of a dump, or None if it is none.

    See `kerasgan.data.sources.wikiart_dump` for its layout.

    The artist, title and year are read from the file's name, `{artist}_{title}-{year}.jpg`, which
    is all that the dump has of them. A painting that two styles have is there twice; its
    `identity` is the same.

    Raises:
        UserError: A csv file cannot be read, or a line of it is wrong.
    """
    dump = read_dump(tree)
    if not dump.names:
        return None
    paintings = [
        _painting(name, genre, style)
        for name, genre, style in zip(dump.names, dump.genres, dump.styles, strict=True)
    ]
    paintings.sort(key=lambda painting: painting.id)
    return Found("dump", tree, paintings, list(_missing(tree, dump.names)))


def _painting(name: str, genre: str | None, style: str) -> Painting:
    file = PurePosixPath(repaired(key(name)))
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


def _missing(tree: FileTree, names: list[str]) -> Iterator[Skip]:
    """Yields the paintings that the csv files name but the dump does not have."""
    here = {key(name) for name in names} | {key(repaired(name)) for name in names}
    where = tables(tree)
    for table in _TABLES:
        if table not in where:
            continue
        for line, painting, _ in table_rows(tree, where[table]):
            if (missing := key(painting)) not in here:
                here.add(missing)
                yield Skip(missing, "missing file", f"line {line} of {where[table]}")
