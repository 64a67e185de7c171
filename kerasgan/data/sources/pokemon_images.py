"""The source "pokemon": pictures of Pokemon, and their types."""

import json
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

from kerasgan.data.sources.file_tree import IMAGE_EXTENSIONS, FileTree, file_tree
from kerasgan.data.sources.folder_split import images_of_split
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError

_POKEDEX = "pokedex.json"

# Beside the artwork, these hold the same creatures smaller, and things that are none.
_NOT_ARTWORK = {"sprites", "thumbnails"}


def pokemon_images(argument: str, path: Path | None, split: str) -> Source:
    """Returns the image files under `path` with the types that `pokedex.json` gives.

    A file is called by the number of its creature, or by that and the name: `025.png`,
    `25-Pikachu.png`. `pokedex.json`, anywhere in the folder, is a list of objects with a number
    `id`, a `name`, or names by language, and one or two types, `type` or `types`; see
    https://github.com/Purukitto/pokemon-data.json. The label set `"type"` has the first type, and
    `"second_type"` the second of those that have one. A file called otherwise, such as
    `006-Mega-X.png`, has no label: another form may be of another type.

    Without `pokedex.json` there are no labels; with it, the folders `sprites` and `thumbnails`
    are passed over.

    Args:
        argument: What followed `pokemon:`; must be empty.
        path: The folder or the zip; see `file_tree`.
        split: As of `image_files`.

    Raises:
        UserError: There is no such path, it holds no images or no such split, `pokedex.json` is
            not as above, or an argument was given.
    """
    if argument:
        raise UserError(
            'source "pokemon" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "pokemon:{argument}"'
        )
    tree = file_tree(path, source="pokemon")
    tables = [name for name in tree.names if name.split("/")[-1] == _POKEDEX]
    # The outermost, if there are several.
    tables = sorted(tables, key=lambda name: (name.count("/"), name))[:1]
    images = tree.images
    if tables:
        images = [name for name in images if not _NOT_ARTWORK & set(name.lower().split("/")[:-1])]
    if not images:
        raise UserError(
            f"{path} has no image files ({', '.join(IMAGE_EXTENSIONS)}): "
            "pass another folder or zip by --data PATH"
        )
    names = images_of_split(images, split, where=tree.where)
    if not tables:
        return tree.source(names, {})
    creatures = _creatures(tree, tables[0])
    types = [_types(name, creatures) for name in names]
    classes = {
        "type": [each[0] if each else None for each in types],
        "second_type": [each[1] if len(each) > 1 else None for each in types],
    }
    known = {label_set: values for label_set, values in classes.items() if any(values)}
    return tree.source(names, known, also_read=tables)


def _types(name: str, creatures: dict[int, tuple[set[str], list[str]]]) -> list[str]:
    """Returns the types of the creature in a file, none if its name leaves them in doubt."""
    stem = name.split("/")[-1].rpartition(".")[0]
    number = re.match(r"[0-9]{1,9}(?![0-9])", stem)
    if not number or int(number[0]) not in creatures:
        return []
    called, types = creatures[int(number[0])]
    return types if _letters(stem[number.end() :]) in {"", *called} else []


def _creatures(tree: FileTree, table: str) -> dict[int, tuple[set[str], list[str]]]:
    """Returns the names and the types of each creature by its number."""
    try:
        with tree.open(table) as file:
            entries = json.loads(file.read().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{tree.where}: {table} cannot be read as JSON ({error})") from error
    if not isinstance(entries, list):
        raise UserError(f"{tree.where}: {table} must be a list. Received: {_shortened(entries)}")
    creatures = {}
    for entry in entries:
        try:
            names = entry.get("name", "")
            names = names.values() if isinstance(names, dict) else [names]
            types = entry.get("type", entry.get("types")) or []
            types = [types] if isinstance(types, str) else types
            if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
                raise TypeError
            creatures[int(entry["id"])] = {_letters(str(each)) for each in names}, types
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            raise UserError(
                f"{tree.where}: {table} must hold objects with a number id and a list of types, "
                f'such as {{"id": 1, "type": ["Grass", "Poison"]}}. Received: {_shortened(entry)}'
            ) from None
    return creatures


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _shortened(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:79] + "…"
