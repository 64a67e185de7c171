"""From an optimizer's table in a recipe to the optimizer."""

import inspect
from collections.abc import Callable
from typing import Any

import keras

from kerasgan.errors import UserError
from kerasgan.shortened import shortened, shortened_message
from kerasgan.suggestions import did_you_mean

# Those that wrap others or are a base.
_NOT_FOR_RECIPES = ("LossScaleOptimizer", "MultiOptimizer", "Optimizer")

# A tuple stands for a list of texts, a list for one of numbers.
_WITHOUT_DEFAULT = {"name": str, "boundaries": list, "values": list, "exclude_layers": tuple}
_WORDS = {
    bool: "true or false",
    float: "a number",
    str: "a string",
    list: "a list of numbers",
    tuple: "a list of strings",
}


def build_optimizer(section: str, table: dict[str, Any]) -> keras.optimizers.Optimizer:
    """Makes a Keras optimizer.

    Args:
        section: The table's name in the recipe, for errors.
        table: `optimizer`, the name of a class of `keras.optimizers`, and its arguments. A table
            as `learning_rate` has `schedule`, the name of a class of
            `keras.optimizers.schedules`, and its arguments.

    Raises:
        UserError: A name is unknown, or an argument is unknown, missing or of a wrong type.
    """
    arguments = dict(table)
    name = arguments.pop("optimizer")
    known = _subclasses(keras.optimizers, keras.optimizers.Optimizer) - {*_NOT_FOR_RECIPES}
    if name not in known:
        raise UserError(f"[{section}] unknown optimizer {_shown(name)}{did_you_mean(name, known)}")
    if isinstance(schedule := arguments.get("learning_rate"), dict):
        arguments["learning_rate"] = _schedule(f"{section}.learning_rate", schedule)
    return _make(section, getattr(keras.optimizers, name), arguments)


def _schedule(
    section: str, table: dict[str, Any]
) -> keras.optimizers.schedules.LearningRateSchedule:
    arguments = dict(table)
    name = str(arguments.pop("schedule", None))
    base = keras.optimizers.schedules.LearningRateSchedule
    known = _subclasses(keras.optimizers.schedules, base) - {base.__name__}
    if name not in known:
        raise UserError(f"[{section}] unknown schedule {_shown(name)}{did_you_mean(name, known)}")
    return _make(section, getattr(keras.optimizers.schedules, name), arguments)


def _subclasses(room: Any, base: type) -> set[str]:
    return {
        name
        for name, value in vars(room).items()
        if inspect.isclass(value) and issubclass(value, base)
    }


def _make(section: str, build: Callable, arguments: dict[str, Any]) -> Any:
    """Calls `build`, which has no type hints, having checked what its defaults tell."""
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(build).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    for name, value in arguments.items():
        if name not in parameters:
            raise UserError(
                f"unknown key {section}.{shortened(name)}{did_you_mean(name, parameters)}"
            )
        default = parameters[name].default
        expected = next((t for t in (bool, float, str) if _is(t, default)), None)
        if expected is None:  # Most arguments without a telling default are numbers.
            expected = _WITHOUT_DEFAULT.get(name, float)
        is_schedule = isinstance(value, keras.optimizers.schedules.LearningRateSchedule)
        if not is_schedule and not _is(expected, value):
            raise UserError(f"{section}.{name} must be {_WORDS[expected]}, got {_shown(value)}")
    try:
        return build(**arguments)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise UserError(f"[{section}] {shortened_message(str(error))}") from None


def _is(kind: type, value: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, list) and all(_is(float, each) for each in value)
    if kind is tuple:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, kind)


def _shown(value: Any) -> str:
    return shortened(repr(value))
