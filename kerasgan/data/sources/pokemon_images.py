"""The source "pokemon": pictures of Pokémon, labelled by their types."""

import json
import re
import zipfile
import zlib
from pathlib import Path

from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.files_at import files_at
from kerasgan.data.sources.folder_split import images_of_split, left_out_of_training
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError, shortened

_POKEDEX = "pokedex.json"

# These folders have smaller pictures of the same creatures, and pictures of other things.
_NOT_ARTWORK = {"sprites", "thumbnails"}

# How many folders may lie between `pokedex.json` and the pictures.
_DEEPEST = 3


def pokemon_images(path: Path | None, split: str) -> Source:
    """Returns the image files under `path`, labelled with the types in `pokedex.json`.

    A file is named by the number of its creature, or by the number and the name: `025.png`,
    `25-Pikachu.png`. `pokedex.json`, anywhere in the folder, is a list of objects with a number
    `id`, a `name` (or names by language), and one or two types, `type` or `types`; see
    https://github.com/Purukitto/pokemon-data.json. The label set `"type"` has the first type, and
    `"second_type"` the second one of those that have two. Files with other names, such as
    `006-Mega-X.png`, have no label, because another form may have another type.

    Without `pokedex.json` there are no labels; with it, the folders `sprites` and `thumbnails` are
    left out.

    Args:
        path: The folder or the zip; see `files_at`.
        split: The folder of the split, see `images_of_split`; `"train"` is all images if there are
            no splits.

    Raises:
        UserError: There is no such path, it has no images or no such split, or `pokedex.json` is
            not as above.
    """
    tree = files_at(path, source="pokemon")
    # The outermost, if there are several.
    tables = sorted(_tables(tree), key=lambda name: (name.count("/"), name))[:1]
    tree.check_has_pictures()
    images, left_out = tree.images, []
    if tables:
        images = [name for name in tree.images if not _not_artwork(name)]
        left_out = [
            SkippedFile(name, "in a folder of sprites or thumbnails")
            for name in tree.images
            if _not_artwork(name)
        ]
    if not images:
        raise UserError(
            f"{path} has pictures only in folders named {' and '.join(sorted(_NOT_ARTWORK))}: "
            "pass path=PATH with the artwork"
        )
    names = images_of_split(images, split, where=tree.where)
    left_out += left_out_of_training(images, split)
    if not tables:
        return tree.source(names, {}, left_out=left_out)
    creatures = _creatures(tree, tables[0])
    types = [_types(name, creatures) for name in names]
    classes = {
        "type": [each[0] if each else None for each in types],
        "second_type": [each[1] if len(each) > 1 else None for each in types],
    }
    known = {label_set: values for label_set, values in classes.items() if any(values)}
    return tree.source(names, known, also_read=tables, left_out=left_out)


def is_pokemon(tree: FileTree, path: Path) -> bool:
    """Tells whether a folder or zip has a `pokedex.json`, or lies in a folder that has one.

    The artwork of https://github.com/Purukitto/pokemon-data.json is three folders below its own.
    """
    around = list(path.resolve().parents)[:_DEEPEST]
    return bool(_tables(tree)) or any((folder / _POKEDEX).is_file() for folder in around)


def _tables(tree: FileTree) -> list[str]:
    return [name for name in tree.names if name.split("/")[-1] == _POKEDEX]


def _not_artwork(name: str) -> bool:
    return bool(_NOT_ARTWORK & {*name.lower().split("/")[:-1]})


def _types(name: str, creatures: dict[int, tuple[set[str], list[str]]]) -> list[str]:
    """Returns the types of the creature in a file, or none if the name is not exactly its name."""
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
        raise UserError(
            f"{tree.where}: {table} must be a list. Received: {shortened(json.dumps(entries))}"
        )
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
                'such as {"id": 1, "type": ["Grass", "Poison"]}. '
                f"Received: {shortened(json.dumps(entry))}"
            ) from None
    return creatures


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
