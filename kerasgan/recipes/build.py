"""Building the model of a recipe."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_type_hints

import keras
import msgspec
import tensorflow as tf

import kerasgan.models
import kerasgan.networks
from kerasgan.errors import UserError, did_you_mean, shortened, shortened_message
from kerasgan.models import AdversarialModel, HandicapSchedule
from kerasgan.models.base.freezing import freeze_first_layers
from kerasgan.precision import dtype_policy, resolve_precision
from kerasgan.recipes.memory import check_memory
from kerasgan.recipes.optimizer import build_optimizer
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.stage_one import stage_one_parts

# A trained generator by its name as an argument, and arguments that are known from it.
_StageOne = tuple[dict[str, keras.Model], dict[str, Any]]


def build_model(recipe: Recipe, *, freeze_discriminator: int = 0) -> AdversarialModel:
    """Builds and compiles the model of a recipe, with weights drawn from the recipe's seed.

    Args:
        recipe: The recipe, which names the classes of all its label sets (`data.classes`).
        freeze_discriminator: How many of the discriminator's first layers with weights no training
            moves; see `kerasgan.models.base.freezing.freeze_first_layers`.

    Raises:
        UserError: A network, objective or optimizer is unknown, or one of its arguments is
            unknown or has a wrong type or value; the message names the section and the key. Or
            there is no model of `[stage_one]`, or it does not fit, or the networks need more
            memory than the machine has.
    """
    try:
        precision = resolve_precision(recipe.training.precision)
    except ValueError as error:
        raise UserError(f"training.precision: {error}") from None
    stage_one = stage_one_parts(recipe, precision)
    _check_size(recipe, precision, stage_one)
    keras.utils.set_random_seed(recipe.training.seed % 2**32)
    parts = _build_networks(recipe, precision, stage_one)
    shape = (recipe.data.side, recipe.data.side, recipe.data.channels)
    drawn = tuple(parts["generator"].outputs[0].shape[1:])
    if drawn != shape:
        raise UserError(
            f"[generator] draws images of {drawn}, but [data] gives {shape}; make image_size, "
            "random_crop and channels agree"
        )
    model = _construct(
        "model",
        {"seed": recipe.training.seed, **_with_named_schedule(recipe.model)},
        "objective",
        kerasgan.models,
        parts=parts,
        shared=_shared_with_model(recipe),
    )
    try:
        freeze_first_layers(model.discriminator, freeze_discriminator)
    except ValueError as error:
        raise UserError(f"freeze_discriminator: {error}") from None
    compile_model(model, recipe)
    return model


def compile_model(model: AdversarialModel, recipe: Recipe) -> None:
    """Compiles a model with new optimizers, as the recipe describes them.

    Raises:
        UserError: An optimizer or one of its arguments is unknown or has a wrong value.
    """
    parameters = inspect.signature(model.compile).parameters
    for name in recipe.training.optimizers:
        if name not in parameters:
            raise UserError(f"{type(model).__name__} has no training.{name}; remove it")
    model.compile(
        **{
            name: build_optimizer(f"training.{name}", table)
            for name, table in recipe.training.optimizers.items()
        }
    )


def _build_networks(recipe: Recipe, precision: str, stage_one: _StageOne) -> dict[str, keras.Model]:
    trained, known_of_it = stage_one
    shared = {
        **known_of_it,
        **({"smallest": recipe.curriculum.sizes[0]} if recipe.curriculum else {}),
        "classes": {name: len(names) for name, names in _class_names(recipe).items()},
        "image_size": recipe.data.side,
        "channels": recipe.data.channels,
    }
    with dtype_policy(precision):
        return {
            section: _construct(
                section,
                table,
                "network",
                kerasgan.networks,
                parts=trained if section == "generator" else None,
                shared=shared,
            )
            for section, table in recipe.networks.items()
        }


def _with_named_schedule(table: dict[str, Any]) -> dict[str, Any]:
    """Returns the table `[model]` with a schedule's name replaced by the schedule."""
    name = table.get("schedule")
    if not isinstance(name, str):
        return table
    try:
        schedule = HandicapSchedule.named(name)
    except ValueError as error:
        raise UserError(f"model.schedule: {error}") from None
    return {**table, "schedule": msgspec.to_builtins(schedule)}


def _shared_with_model(recipe: Recipe) -> dict[str, Any]:
    shared: dict[str, Any] = {"class_names": _class_names(recipe)} if recipe.data.labels else {}
    if recipe.curriculum:
        shared["curriculum"] = recipe.curriculum
    return shared


def _class_names(recipe: Recipe) -> dict[str, list[str]]:
    return {name: recipe.data.classes[name] for name in recipe.data.labels}


def _check_size(recipe: Recipe, precision: str, stage_one: _StageOne) -> None:
    """Builds the networks without their weights, and refuses those that exceed the memory."""

    def check() -> None:
        with keras.StatelessScope(initialize_variables=False):
            check_memory(_build_networks(recipe, precision, stage_one), recipe.training.batch_size)

    # Keras numbers layers per thread: these do not shift the numbers of the real ones.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(check).result()


def _construct(
    section: str,
    table: dict[str, Any],
    key: str,
    module: Any,
    *,
    parts: dict[str, keras.Model] | None = None,
    shared: dict[str, Any],
) -> keras.Model:
    """Calls the builder that `table[key]` names with the table's other keys, checked.

    Args:
        section: The table's name, for errors.
        table: The table.
        key: The key that names the builder.
        module: Where the builder is.
        parts: Networks to pass, by their names.
        shared: Arguments from other sections, passed to builders that take them.
    """
    name = table[key]
    known = [public for public in module.__all__ if _is_buildable(getattr(module, public))]
    if name not in known:
        raise UserError(
            f"[{section}] unknown {key} {shortened(repr(name))}{did_you_mean(name, known)}"
        )
    build = getattr(module, name)
    taken = _keywords(build)
    arguments = {argument: value for argument, value in shared.items() if argument in taken}
    arguments |= {argument: value for argument, value in table.items() if argument != key}
    checked = _checked(section, build, arguments)
    parts = parts or {}
    if missing := [part for part in _networks(build) if part not in parts]:
        raise UserError(f"[{section}] {name} needs a section [{missing[0]}]")
    if extra := [part for part in parts if part not in _networks(build)]:
        raise UserError(f"[{section}] {name} has no [{extra[0]}]; remove that section")
    try:
        return build(**parts, **checked)
    except (ValueError, TypeError, RuntimeError, ArithmeticError, tf.errors.OpError) as error:
        raise UserError(f"[{section}] {shortened_message(str(error))}") from None


def _checked(section: str, build: Callable, arguments: dict[str, Any]) -> dict[str, Any]:
    """Checks the names and types of arguments against the signature of `build`."""
    parameters = _keywords(build)
    checked = {}
    for name, value in arguments.items():
        if name not in parameters:
            raise UserError(
                f"unknown key {section}.{shortened(name)}{did_you_mean(name, parameters)}"
            )
        try:
            checked[name] = msgspec.convert(value, parameters[name].annotation)
        except msgspec.ValidationError as error:
            text = shortened(str(error).replace("`", ""), 200)
            raise UserError(f"{section}.{name}: {text[0].lower()}{text[1:]}") from None
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty and name not in checked:
            raise UserError(f"missing key {section}.{name}")
    return checked


def _is_buildable(public: Any) -> bool:
    """Returns whether this is a builder of networks, or an objective."""
    if inspect.isclass(public):
        return issubclass(public, AdversarialModel) and public is not AdversarialModel
    return callable(public)


def _keywords(build: Callable) -> dict[str, inspect.Parameter]:
    """Returns a builder's keyword arguments, their types resolved."""
    hints = get_type_hints(build.__init__ if inspect.isclass(build) else build)
    return {
        name: parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(build).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def _networks(build: Callable) -> tuple[str, ...]:
    """Returns the networks that an objective takes, or a generator that builds on another."""
    return getattr(build, "network_names", ())
