"""Reading recipes from files."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.errors import UserError, shortened
from kerasgan.files.regular_file import open_regular
from kerasgan.recipes.mistakes import explained, suggested_places
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.shipped import find_recipe
from kerasgan.recipes.values import check_values

_LARGEST = 1_000_000
_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){64}""")


def read_recipe(name_or_file: str | Path, overrides: Sequence[str] = ()) -> Recipe:
    """Reads a recipe.

    Args:
        name_or_file: The name of a shipped recipe (see `kerasgan.recipes.list`), a TOML file, or a
            folder that has a `recipe.toml`, such as that of a run.
        overrides: `"section.key=value"` strings that replace keys. A value is TOML, or else a
            string without quotes.

    Raises:
        UserError: The file cannot be read or is not TOML, a key is unknown or missing, or a value
            has a wrong type or is out of range; the message names it.
    """
    path = find_recipe(name_or_file)
    try:
        with open_regular(path) as file:
            text = file.read(_LARGEST + 1).decode("utf-8-sig")
        table = _parsed(text) if len(text) <= _LARGEST else None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the recipe {path}: {error}") from None
    except ValueError as error:
        raise UserError(f"{path} is not valid TOML: {shortened(error, 200)}") from None
    if table is None:
        raise UserError(f"{path} is not a recipe: it has more than {_LARGEST:,} characters")
    for override in overrides:
        _apply_override(table, override)
    changed = f" with {shortened(', '.join(overrides), 200)}" if overrides else ""
    return recipe_from_dict(table, where=f"{path}{changed}")


def check_is_recipe(value: object) -> None:
    """Raises UserError unless a value, of an argument `recipe`, is a `Recipe`."""
    if not isinstance(value, Recipe):
        raise UserError(
            "recipe must be a Recipe; kerasgan.recipes.read_recipe('fastgan') returns one. "
            f"Received: recipe={shortened(repr(value))}"
        )


def recipe_from_dict(table: dict[str, Any], *, where: str) -> Recipe:
    """Checks a recipe that is given as nested dicts.

    Args:
        table: The recipe's tables.
        where: The recipe's name in errors.

    Raises:
        UserError: See `read_recipe`.
    """
    try:
        check_values(table)
        return msgspec.convert(table, Recipe)
    except msgspec.ValidationError as error:
        raise UserError(f"{where}: {explained(str(error), table)}") from None
    except ValueError as error:
        raise UserError(f"{where}: {error}") from None


def _parsed(text: str) -> dict[str, Any]:
    """Parses TOML; raises ValueError for anything that is wrong with it."""
    # tomllib takes minutes to parse a key of many thousand parts.
    if deep := _DEEP_KEY.search(text):
        raise ValueError(f"the key {shortened(deep[0])} has too many parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("its values are nested too deeply") from None


def _shown(override: str) -> str:
    return shortened(repr(override))


def _apply_override(table: dict[str, Any], override: str) -> None:
    dotted, equals, text = override.partition("=")
    *sections, key = (part.strip() for part in dotted.split("."))
    if not equals or not sections or not all((*sections, key)):
        raise UserError(
            f"An override must look like section.key=value. Received: {_shown(override)}"
            f"{'' if sections else suggested_places(key)}"
        )
    try:
        value = _parsed(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    except ValueError as error:
        raise UserError(f"Cannot read the override {shortened(override)}: {error}") from None
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise UserError(
                f"{shortened(section)} is not a section of the recipe. Received: {_shown(override)}"
            )
    table[key] = value
