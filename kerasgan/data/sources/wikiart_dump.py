"""The WikiArt Dataset of ArtGAN."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.file_names import composed, decoded
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.image_table import path_inside
from kerasgan.data.sources.source import Source
from kerasgan.errors import NoSuchSplit, UserError, shortened

_GENRES = ("genre_train.csv", "genre_val.csv")
_GENRE_NAMES = "genre_class.txt"
_USED = (*_GENRES, _GENRE_NAMES)
_LONGEST_NUMBER = 9


def wikiart_dump(tree: FileTree, split: str) -> Source:
    """Returns the paintings of the WikiArt Dataset, or a part of it, with genre and style.

    The dump of Tan et al., "Improved ArtGAN for Conditional Synthesis of Natural Image and
    Artwork" (2019), https://github.com/cs-chan/ArtGAN, has its paintings in
    `wikiart/{Style}/{artist}_{title}.jpg`, and their genres in `wikiart_csv/genre_train.csv` and
    `genre_val.csv`, lines of `{Style}/{file},{number}` without a header, and the names of the
    numbers in `genre_class.txt`.

    The label set `"genre"` is read from both files; paintings that neither lists have no label, and
    without the files there is no such label set. The label set `"style"` has the names of the
    folders, because the dump's own list of styles has `Art_Nouveau` for `Art_Nouveau_Modern`. The
    classes of both are those that occur, sorted by name.

    Args:
        tree: The files of the folder or zip, or of the folder `wikiart` in it.
        split: Must be `"train"`, which is all paintings: the dump's own split of the genres is not
            that of the styles. See `holdout_split`.

    Raises:
        NoSuchSplit: The split is another one.
        UserError: It is not laid out like this, or a line of a file is wrong.
    """
    if split != "train":
        raise NoSuchSplit(
            'the WikiArt Dataset has only the split "train", which is all of it; to get others, '
            "prepare it with kerasgan wikiart prepare. "
            f"Received: split={split!r}"
        )
    dump = read_dump(tree)
    if not dump.names:
        raise UserError(
            f"{tree.where} has no paintings in wikiart/{{Style}}/*.jpg: pass path=PATH with the "
            "folder or zip of the WikiArt Dataset, or a folder that kerasgan wikiart prepare wrote"
        )
    classes: dict[str, Sequence[str | None]] = {"style": dump.styles}
    if any(dump.genres):
        classes = {"genre": dump.genres, **classes}
    paintings = {*dump.names}
    left_out = [
        SkippedFile(name, "not in the folder of a style")
        for name in tree.images
        if name not in paintings
    ]
    return tree.source(dump.names, classes, also_read=dump.tables, left_out=left_out)


@dataclass(frozen=True)
class Dump:
    """The paintings of a dump, with their labels.

    Attributes:
        names: The files of the paintings.
        styles: The style of each painting, which is the name of its folder.
        genres: The genre of each painting, or None.
        tables: The files that the genres and their names were read from.
    """

    names: list[str]
    styles: list[str]
    genres: list[str | None]
    tables: list[str]


def read_dump(tree: FileTree) -> Dump:
    """Returns the paintings of a folder or zip, or no paintings if it is not laid out as the dump.

    Raises:
        UserError: A file of genres cannot be read, or a line of it is wrong.
    """
    names = _paintings(tree.images)
    used = {table: name for table, name in tables(tree).items() if table in _USED}
    genre_of = _genres(tree, used)
    return Dump(
        names=names,
        styles=[name.split("/")[-2] for name in names],
        genres=[genre_of.get(key(name)) or genre_of.get(key(repaired(name))) for name in names],
        tables=sorted(used.values()),
    )


def is_dump(tree: FileTree, path: Path, styles: Sequence[str] = ()) -> bool:
    """Tells whether a folder or zip is laid out as the dump, and not just as folders of pictures.

    Args:
        tree: The files of the folder or zip.
        path: The folder or zip.
        styles: The styles that are expected. If all of them are among the folders, a folder
            without tables and of another name is a dump too.
    """
    if any(name in tables(tree) for name in _USED):
        return bool(_paintings(tree.images))
    if any(name.split("/")[-3:-2] == ["wikiart"] for name in tree.images):
        return True
    folders = {name.split("/")[0] for name in tree.images if name.count("/") == 1}
    called_so = path.is_dir() and path.resolve().name == "wikiart"
    return bool(folders) and (called_so or (bool(styles) and folders >= {*styles}))


def tables(tree: FileTree) -> dict[str, str]:
    """Returns the paths of files by their last parts; the folders differ between copies."""
    return {name.split("/")[-1]: name for name in reversed(tree.names)}


def repaired(name: str) -> str:
    """Returns a name with its characters restored, so that it can be written in UTF-8.

    Names in the dump's zips are UTF-8 that is not marked as such, and programs that unpack them may
    read it as code page 437. Unpacked files may have names that are not UTF-8; these are decoded as
    Latin-1.
    """
    try:
        return repaired(name.encode("cp437").decode("utf-8")) if not name.isascii() else name
    except UnicodeError:
        return decoded(name)


def table_rows(tree: FileTree, table: str) -> Iterator[tuple[int, str, int]]:
    """Yields the line, the path of the painting and the number of the class of each row of a CSV.

    Raises:
        UserError: The file cannot be read, or a line of it is wrong.
    """
    # newline="" because the csv module translates line ends itself.
    rows = csv.reader(io.StringIO(_text(tree, table), newline=""))
    for line, row in enumerate(_well_formed(rows, f"{tree.where}: {table}"), start=1):
        if not row:
            continue
        *painting, number = row
        if not painting or not number.strip().isdecimal() or len(number) > _LONGEST_NUMBER:
            raise UserError(
                f"{tree.where}: line {line} of {table} must be a path, a comma and the number "
                f"of a class. Received: {shortened(','.join(row))!r}"
            )
        # An unquoted path with a comma was split.
        path = ",".join(painting)
        path_inside(path, "", f"{tree.where}: line {line} of {table}", "path")
        yield line, path, int(number)


def _well_formed(rows: Iterator[list[str]], where: str) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise UserError(
            f"{where} is not CSV ({error}): look for a quotation mark too many"
        ) from error


def _paintings(names: Sequence[str]) -> list[str]:
    """Returns the images in the styles' folders, wherever the folder `wikiart` is."""
    below = [name for name in names if name.split("/")[-3:-2] == ["wikiart"]]
    return below or [name for name in names if name.count("/") == 1]


def _genres(tree: FileTree, used: dict[str, str]) -> dict[str, str]:
    """Returns the genres of the paintings in the tables, by their keys."""
    names = _genre_names(tree, used)
    genres = {}
    for table in (used[name] for name in _GENRES if name in used):
        for line, painting, number in table_rows(tree, table):
            if names and number not in names:
                raise UserError(
                    f"{tree.where}: {used[_GENRE_NAMES]} has no name for the genre {number} of "
                    f"line {line} of {table}: add a line such as '{number} landscape'"
                )
            genres[key(painting)] = names.get(number, str(number))
    return genres


def _genre_names(tree: FileTree, used: dict[str, str]) -> dict[int, str]:
    """Returns the names of the numbers, or nothing if there is no list of them."""
    if _GENRE_NAMES not in used:
        return {}
    names = {}
    for line in _text(tree, used[_GENRE_NAMES]).splitlines():
        number, _, name = line.strip().partition(" ")
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            names[int(number)] = name.strip()
    return names


def key(name: str) -> str:
    """Returns `{Style}/{file}`, which identifies a painting in tables and in file names."""
    return composed("/".join(name.strip().split("/")[-2:]))


def _text(tree: FileTree, name: str) -> str:
    try:
        with tree.open(name) as file:
            return file.read().decode("utf-8-sig", errors="replace")
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{tree.where}: {name} cannot be read ({error})") from error
