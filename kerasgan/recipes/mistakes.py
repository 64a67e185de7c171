"""What is said about a mistake in a recipe: its key, what was found, and how to correct it."""

import json
import re
from typing import Any

from kerasgan.curriculum import Curriculum
from kerasgan.errors import did_you_mean, shortened
from kerasgan.recipes.recipe import (
    AugmentationSection,
    DataSection,
    Recipe,
    StageOneSection,
    TrainingSection,
)
from kerasgan.recipes.values import NETWORK, OBJECTIVE, OPTIMIZER

_SECTIONS = {
    "": Recipe,
    "curriculum": Curriculum,
    "data": DataSection,
    "data.augmentation": AugmentationSection,
    "stage_one": StageOneSection,
    "training": TrainingSection,
}
# Where keys belong whose tables depend on what they name: first those that only some networks have.
_OPEN_TABLES = {
    ("generator",): {
        "label_dim",
        "depth",
        "mapping_depth",
        "mapping_width",
        "refinements",
        "octaves",
        "directions",
        "weight_stddev",
        "latent_scale",
        "coordinate_scale",
        "logit_range",
    },
    ("generator", "encoder"): {"latent_dim", "width"},
    ("discriminator",): {
        "minibatch_discrimination",
        "dropout",
        "class_dropout",
        "smallest",
        "scales",
    },
    ("projected_discriminator",): {"feature_size", "projection_seed"},
    ("generator", "discriminator"): NETWORK,
    ("model",): OBJECTIVE,
    ("training.generator_optimizer", "training.discriminator_optimizer"): OPTIMIZER,
}
# TOML's words for the types that msgspec names.
_TYPES = {
    "array": "a list, such as [1, 2]",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "str": "a text in quotes",
}
_MISSING = object()


def explained(message: str, table: dict[str, Any]) -> str:
    """Rephrases an error of msgspec about a recipe.

    Args:
        message: The error's message, which ends with the place of the mistake.
        table: The recipe's tables.

    Returns:
        A sentence that names the key. An unknown key comes with near names, a wrong type with
        the value.
    """
    text, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    if unknown := re.search(r"unknown field `(.+)`", text):
        key = shortened(unknown[1])
        known = _SECTIONS[place].__struct_fields__
        suggestion = suggested_places(key) or did_you_mean(key, known)
        return f"unknown key {f'{place}.{key}' if place else key}{suggestion}"
    if missing := re.search(r"missing required field `(.+)`", text):
        return f"missing key {f'{place}.{missing[1]}' if place else missing[1]}"
    if wrong := re.fullmatch(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", text):
        value = _value_at(table, place)
        received = wrong[2] if value is _MISSING else shortened(repr(value))
        return f"{place} must be {_wanted(place, wrong[1], value)}, got {received}"
    text = shortened(text.replace("`", ""), 200)
    text = text[0].lower() + text[1:]
    return f"{place}: {text}" if place else text


def suggested_places(key: str) -> str:
    """Returns the end of a message about a key that is in the wrong table, or "".

    >>> suggested_places("batch_size")
    '; did you mean training.batch_size?'
    """
    places = [name for name, section in _SECTIONS.items() if key in section.__struct_fields__]
    if not places:
        places = next((list(names) for names, keys in _OPEN_TABLES.items() if key in keys), [])
    return (
        f"; did you mean {' or '.join(f'{name}.{key}'.lstrip('.') for name in places)}?"
        if places
        else ""
    )


def _wanted(place: str, wanted: str, value: Any) -> str:
    """Returns what a value must be, in words, with an example where it helps."""
    if wanted == "object":
        if place.endswith("_optimizer"):
            return "a table, such as {optimizer = 'Adam', learning_rate = 1e-4}"
        return f"a table, such as the keys below a line [{place}]"
    words = _TYPES.get(wanted, wanted)
    if not isinstance(value, str):
        return words
    if wanted == "array":
        example = shortened(json.dumps([value], ensure_ascii=False))
        return f"a list, such as {example}, which a shell takes between single quotes"
    if wanted == "bool" and value in ("True", "False"):
        return f"{value.lower()}, in small letters"
    return f"{words} without quotes"


def _value_at(table: dict[str, Any], place: str) -> Any:
    """Returns the value at a place of msgspec's, such as `data.labels[0]`, if it names all keys."""
    value: Any = table
    try:
        for part in re.findall(r"[^.\[\]]+", place):
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (KeyError, TypeError, ValueError, IndexError):
        return _MISSING
    return value
