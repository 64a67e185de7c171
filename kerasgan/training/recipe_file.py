"""Recipes in files."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.errors import UserError
from kerasgan.regular_file import read_text
from kerasgan.suggestions import did_you_mean
from kerasgan.training.recipe import AugmentationSection, DataSection, Recipe, TrainingSection


def read_recipe(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """Reads a recipe file.

    Args:
        path: A TOML file.
        overrides: `"section.key=value"` lines that replace keys; values are TOML, or plain
            strings.

    Raises:
        UserError: The file cannot be read, is not TOML, or has an unknown key, a missing one or a
            value of the wrong type; the message names it.
    """
    try:
        table = tomllib.loads(read_text(path))
    except FileNotFoundError:
        raise UserError(f"There is no recipe file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the recipe {path}: {error}") from None
    except ValueError as error:  # also of an integer of thousands of digits
        raise UserError(f"{path} is not valid TOML: {error}") from None
    for override in overrides:
        _apply_override(table, override)
    return recipe_from_dict(table, where=str(path))


def recipe_from_dict(table: dict[str, Any], *, where: str) -> Recipe:
    """Checks a recipe given as nested dicts; `where` names it in errors.

    Raises:
        UserError: As `read_recipe`.
    """
    try:
        return msgspec.convert(table, Recipe)
    except msgspec.ValidationError as error:
        raise UserError(f"{where}: {_explain(str(error))}") from None


def _explain(message: str) -> str:
    """Puts msgspec's report in a recipe's terms: the key first, and a near name if unknown."""
    text, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    if unknown := re.search(r"unknown field `(.+)`", text):
        section = {
            "": Recipe,
            "data": DataSection,
            "data.augmentation": AugmentationSection,
            "training": TrainingSection,
        }[place]
        key = unknown.group(1)
        return f"unknown key {f'{place}.{key}' if place else key}" + did_you_mean(
            key, section.__struct_fields__
        )
    if missing := re.search(r"missing required field `(.+)`", text):
        key = missing.group(1)
        return f"missing key {f'{place}.{key}' if place else key}"
    text = text.replace("`", "")
    text = text[0].lower() + text[1:]
    return f"{place}: {text}" if place else text


def _apply_override(table: dict[str, Any], override: str) -> None:
    dotted, equals, text = override.partition("=")
    *sections, key = (part.strip() for part in dotted.split("."))
    if not equals or not sections or not all((*sections, key)):
        raise UserError(f"An override must look like section.key=value. Received: {override!r}")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        value = text.strip()
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise UserError(f"{section} is not a section of the recipe. Received: {override!r}")
    table[key] = value
