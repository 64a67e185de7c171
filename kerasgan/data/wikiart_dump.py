"""The source "wikiart": the WikiArt Dataset of ArtGAN."""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.file_tree import FileTree, file_tree
from kerasgan.data.source import Source
from kerasgan.errors import UserError

_GENRES = ("genre_train.csv", "genre_val.csv")
_GENRE_NAMES = "genre_class.txt"


def wikiart_dump(argument: str, path: Path | None, split: str) -> Source:
    """Returns the paintings of a folder or zip laid out as the dump, with genre and style.

    The dump of Tan et al., "Improved ArtGAN for Conditional Synthesis of Natural Image and
    Artwork" (2019), https://github.com/cs-chan/ArtGAN, has its paintings in
    `wikiart/{Style}/{artist}_{title}.jpg`, and their genres in `wikiart_csv/genre_train.csv` and
    `genre_val.csv`, header-less lines of `{Style}/{file},{number}`, with the names of the numbers
    in `genre_class.txt`. A part of it will do.

    The label set `"genre"` takes both files together, has no label for the paintings that neither
    names, and is absent without the files. The label set `"style"` has the names of the folders:
    the dump's own list of styles calls one `Art_Nouveau` whose folder is `Art_Nouveau_Modern`.
    The classes of both are those that occur, sorted by name.

    Args:
        argument: What followed `wikiart:`; must be empty.
        path: The folder or zip, or the folder `wikiart` itself.
        split: Must be `"train"`: the dump's training and validation parts are taken together,
            since they differ between genre and style. See `holdout_split`.

    Raises:
        UserError: There is no such path, it is not laid out like this, a line of a file is wrong,
            or an argument or another split was given.
    """
    if argument:
        raise UserError(
            'source "wikiart" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "wikiart:{argument}"'
        )
    if split != "train":
        raise UserError(
            'source "wikiart" has only the split "train", which is all of it. '
            f"Received: split={split!r}"
        )
    tree = file_tree(path, source="wikiart")
    names = _paintings(tree.images)
    if not names:
        raise UserError(
            f"{path} has no paintings: the dump holds them in wikiart/{{Style}}/*.jpg; pass its "
            "folder or zip by --data PATH"
        )
    # By their own names: copies of the dump differ in the folders around them.
    tables = {name.split("/")[-1]: name for name in reversed(tree.names)}
    used = {name: tables[name] for name in (*_GENRES, _GENRE_NAMES) if name in tables}

    genre_of = _genres(tree, used)
    genres = [genre_of.get(_key(name)) for name in names]
    classes = {"genre": genres} if any(genres) else {}
    classes["style"] = [name.split("/")[-2] for name in names]
    return tree.source(names, classes, also_read=sorted(used.values()))


def _paintings(names: Sequence[str]) -> list[str]:
    """Returns the images in the styles' folders, wherever the folder `wikiart` is."""
    below = [name for name in names if name.split("/")[-3:-2] == ["wikiart"]]
    return below or [name for name in names if name.count("/") == 1]


def _genres(tree: FileTree, used: dict[str, str]) -> dict[str, str]:
    """Returns the genre of each painting that the tables name, by its key."""
    names = _genre_names(tree, used)
    genres = {}
    for table in (used[name] for name in _GENRES if name in used):
        # Without translation of line ends: the csv module does its own.
        rows = csv.reader(io.StringIO(_text(tree, table), newline=""))
        for line, row in enumerate(rows, start=1):
            if not row:
                continue
            *painting, number = row
            if not painting or not number.strip().isdecimal():
                raise UserError(
                    f"{tree.where}: line {line} of {table} must be a path, a comma and the number "
                    f"of a genre. Received: {','.join(row)!r}"
                )
            number = int(number)
            if names and number not in names:
                raise UserError(
                    f"{tree.where}: {used[_GENRE_NAMES]} has no name for the genre {number} of "
                    f"line {line} of {table}: add a line such as '{number} landscape'"
                )
            # Unquoted, a path with a comma falls apart.
            genres[_key(",".join(painting))] = names.get(number, str(number))
    return genres


def _genre_names(tree: FileTree, used: dict[str, str]) -> dict[int, str]:
    """Returns the name of each number, or nothing if there is no list of them."""
    if _GENRE_NAMES not in used:
        return {}
    names = {}
    for line in _text(tree, used[_GENRE_NAMES]).splitlines():
        number, _, name = line.strip().partition(" ")
        if number.isdecimal():
            names[int(number)] = name.strip()
    return names


def _key(name: str) -> str:
    """Returns `{Style}/{file}`, by which a line and an image are the same painting."""
    return "/".join(name.strip().split("/")[-2:])


def _text(tree: FileTree, name: str) -> str:
    try:
        with tree.open(name) as file:
            return file.read().decode("utf-8-sig", errors="replace")
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{tree.where}: {name} cannot be read ({error})") from error
