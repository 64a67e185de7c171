"""Building an optimizer from its table in a recipe."""

import inspect
from typing import Any

import keras
import msgspec

from kerasgan.errors import UserError, did_you_mean, shortened, shortened_message
from kerasgan.recipes.parameters import parameters

_PLACES = {
    "optimizer": (keras.optimizers, keras.optimizers.Optimizer),
    "schedule": (
        keras.optimizers.schedules,
        keras.optimizers.schedules.LearningRateSchedule,
    ),
}
# Base classes, and optimizers that wrap others.
_NOT_FOR_RECIPES = {
    "LearningRateSchedule",
    "LossScaleOptimizer",
    "MultiOptimizer",
    "Optimizer",
}
_WORDS = {
    bool: "true or false",
    float: "a number",
    str: "a string",
    list[float]: "a list of numbers",
    list[str]: "a list of strings",
}
# Arguments whose default is no value of their type; most such arguments are numbers.
_TYPES = {
    "name": str,
    "boundaries": list[float],
    "values": list[float],
    "exclude_layers": list[str],
}


def build_optimizer(section: str, table: dict[str, Any]) -> keras.optimizers.Optimizer:
    """Makes a Keras optimizer.

    Keras has no type hints here and its own errors name neither key nor value, so both are
    checked first.

    Args:
        section: The table's name in the recipe, for errors.
        table: `optimizer`, the name of a class of `keras.optimizers`, and its arguments. If
            `learning_rate` is a table, it has `schedule`, the name of a class of
            `keras.optimizers.schedules`, and its arguments.

    Raises:
        UserError: A name is unknown, or an argument is unknown, missing or of a wrong type.
    """
    return _build(section, table, "optimizer")


def _build(section: str, table: dict[str, Any], kind: str) -> Any:
    arguments = dict(table)
    name = str(arguments.pop(kind, None))
    module, base = _PLACES[kind]
    known = {
        name: public
        for name, public in vars(module).items()
        if inspect.isclass(public) and issubclass(public, base) and name not in _NOT_FOR_RECIPES
    }
    if name not in known:
        raise UserError(f"[{section}] unknown {kind} {_shown(name)}{did_you_mean(name, known)}")
    taken = parameters(known[name])
    taken.pop("kwargs", None)
    for key, value in arguments.items():
        if key not in taken:
            raise UserError(f"unknown key {section}.{shortened(key)}{did_you_mean(key, taken)}")
        if key == "learning_rate" and isinstance(value, dict):
            arguments[key] = _build(f"{section}.{key}", value, "schedule")
        else:
            _check_type(f"{section}.{key}", value, _type_of(taken[key]))
    try:
        return known[name](**arguments)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise UserError(f"[{section}] {shortened_message(str(error))}") from None


def _type_of(parameter: inspect.Parameter) -> Any:
    default = type(parameter.default)
    return default if default in (bool, str) else _TYPES.get(parameter.name, float)


def _check_type(key: str, value: Any, expected: Any) -> None:
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError:
        raise UserError(f"{key} must be {_WORDS[expected]}, got {_shown(value)}") from None


def _shown(value: Any) -> str:
    return shortened(repr(value))
