"""From a recipe to a compiled model."""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

import keras
import msgspec

from kerasgan import models, networks
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.precision import dtype_policy, resolve_precision
from kerasgan.suggestions import did_you_mean
from kerasgan.training.recipe import Recipe


def build_model(recipe: Recipe) -> AdversarialModel:
    """Builds and compiles the model of a recipe, its weights drawn from the recipe's seed.

    Raises:
        UserError: A network, objective or optimizer is unknown, or an argument of it is unknown
            or has a wrong type or value; the message names the section and the key.
    """
    try:
        precision = resolve_precision(recipe.training.precision)
    except ValueError as error:
        raise UserError(f"training.precision: {error}") from None
    keras.utils.set_random_seed(recipe.training.seed % 2**32)
    with dtype_policy(precision):
        generator = _construct("generator", recipe.generator, "network", networks)
        discriminator = _construct("discriminator", recipe.discriminator, "network", networks)
    shape = (recipe.data.image_size, recipe.data.image_size, recipe.data.channels)
    if tuple(generator.outputs[0].shape[1:]) != shape:
        raise UserError(
            f"[generator] draws images of {tuple(generator.outputs[0].shape[1:])}, but [data] "
            f"gives {shape}; make image_size and channels agree"
        )
    model = _construct(
        "model",
        {"seed": recipe.training.seed, **recipe.model},
        "objective",
        models,
        generator=generator,
        discriminator=discriminator,
    )
    compile_model(model, recipe)
    return model


def compile_model(model: AdversarialModel, recipe: Recipe) -> None:
    """Compiles a model with fresh optimizers of a recipe.

    Raises:
        UserError: An optimizer or an argument of it is unknown or has a wrong value.
    """
    model.compile(
        generator_optimizer=_optimizer("generator_optimizer", recipe),
        discriminator_optimizer=_optimizer("discriminator_optimizer", recipe),
    )


def _construct(
    section: str, table: dict[str, Any], key: str, room: Any, **positional: Any
) -> keras.Model:
    """Calls what `table[key]` names in `room` with the table's other keys, checked."""
    name = table[key]
    if name not in room.__all__:
        raise UserError(f"[{section}] unknown {key} {name!r}{did_you_mean(name, room.__all__)}")
    build = getattr(room, name)
    arguments = {argument: value for argument, value in table.items() if argument != key}
    checked = _checked(section, build, arguments)
    try:
        return build(**positional, **checked)
    except ValueError as error:
        raise UserError(f"[{section}] {error}") from None


def _checked(section: str, build: Callable, arguments: dict[str, Any]) -> dict[str, Any]:
    """Checks the names and types of arguments against what `build` takes, and returns them."""
    known = _keyword_types(build)
    checked = {}
    for name, value in arguments.items():
        if name not in known:
            raise UserError(f"unknown key {section}.{name}{did_you_mean(name, known)}")
        try:
            checked[name] = msgspec.convert(value, known[name])
        except msgspec.ValidationError as error:
            text = str(error).replace("`", "")
            raise UserError(f"{section}.{name}: {text[0].lower()}{text[1:]}") from None
    return checked


def _keyword_types(build: Callable) -> dict[str, Any]:
    """Returns the types of a builder's keyword arguments, a class's with its base classes'."""
    functions = [build]
    if inspect.isclass(build):
        ours = [base for base in build.__mro__ if base.__module__.startswith("kerasgan.")]
        functions = [base.__init__ for base in ours]
    types: dict[str, Any] = {}
    for function in functions:
        hints = get_type_hints(function)
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                types.setdefault(name, hints[name])
    return types


def _optimizer(player: str, recipe: Recipe) -> keras.optimizers.Optimizer:
    """Makes an optimizer from its table; a table as `learning_rate` is a schedule."""
    section = f"training.{player}"
    table = dict(getattr(recipe.training, player))
    name = table.pop("optimizer")
    known = [
        key
        for key, value in vars(keras.optimizers).items()
        if inspect.isclass(value) and issubclass(value, keras.optimizers.Optimizer)
    ]
    if name not in known:
        raise UserError(f"[{section}] unknown optimizer {name!r}{did_you_mean(name, known)}")
    build = getattr(keras.optimizers, name)
    parameters = inspect.signature(build).parameters
    for key in table:
        if key not in parameters:
            raise UserError(f"unknown key {section}.{key}{did_you_mean(key, parameters)}")
    if isinstance(schedule := table.get("learning_rate"), dict):
        table["learning_rate"] = _schedule(f"{section}.learning_rate", schedule)
    try:
        return build(**table)
    except (ValueError, TypeError) as error:
        raise UserError(f"[{section}] {error}") from None


def _schedule(
    section: str, table: dict[str, Any]
) -> keras.optimizers.schedules.LearningRateSchedule:
    name = table.get("schedule")
    known = [
        key
        for key, value in vars(keras.optimizers.schedules).items()
        if inspect.isclass(value) and key != "LearningRateSchedule"
    ]
    if name not in known:
        raise UserError(f"[{section}] unknown schedule {name!r}{did_you_mean(str(name), known)}")
    try:
        arguments = {key: value for key, value in table.items() if key != "schedule"}
        return getattr(keras.optimizers.schedules, name)(**arguments)
    except (ValueError, TypeError) as error:
        raise UserError(f"[{section}] {error}") from None
