"""Building the model of a recipe."""

import contextlib
import inspect
import random
from collections.abc import Iterator
from typing import Any

import keras
import msgspec
import numpy as np

import kerasgan.models
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel, HandicapSchedule
from kerasgan.models.base.freezing import freeze_first_layers
from kerasgan.precision import resolve_precision
from kerasgan.recipes.build_networks import build_networks
from kerasgan.recipes.construct import construct
from kerasgan.recipes.memory import check_memory
from kerasgan.recipes.objective import objective_of
from kerasgan.recipes.optimizer import build_optimizer
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import check_is_recipe
from kerasgan.recipes.stage_one import stage_one_parts


@contextlib.contextmanager
def _random_states_kept() -> Iterator[None]:
    """Gives Python and numpy their random states back; that of TensorFlow cannot be read."""
    states = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


@_random_states_kept()
def build_model(recipe: Recipe, *, freeze_discriminator: int = 0) -> AdversarialModel:
    """Builds and compiles the model of a recipe, with weights drawn from the recipe's seed.

    The random states of Python and numpy are left as they were; TensorFlow's global seed is set.

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
    check_is_recipe(recipe)
    data, training = recipe.data, recipe.training
    try:
        precision = resolve_precision(training.precision)
    except ValueError as error:
        raise UserError(f"training.precision: {error}") from None
    stage_one = stage_one_parts(recipe, precision)
    # Built once without weights, to see what they need, before any memory is taken.
    check_memory(lambda: build_networks(recipe, precision, stage_one), training.batch_size)
    keras.utils.set_random_seed(training.seed % 2**32)
    networks = build_networks(recipe, precision, stage_one)
    drawn = tuple(networks["generator"].outputs[0].shape[1:])
    if drawn != (shape := (data.side, data.side, data.channels)):
        raise UserError(
            f"[generator] draws images of {drawn}, but [data] gives {shape}: leave image_size and "
            "channels out of the sections of networks, which take them from [data], or set them to "
            "the same (data.augmentation.random_crop is the side, if it is set)"
        )
    shared: dict[str, Any] = {}
    if data.labels and objective_of(recipe).takes_classes:
        shared["class_names"] = {name: data.classes[name] for name in data.labels}
    if recipe.curriculum:
        shared["curriculum"] = recipe.curriculum
    model = construct(
        "model",
        {"seed": training.seed, **_with_named_schedule(recipe.model)},
        "objective",
        kerasgan.models,
        parts=networks,
        shared=shared,
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
        UserError: An optimizer or one of its arguments is unknown or has a wrong value, or the
            optimizer averages weights.
    """
    parameters = inspect.signature(model.compile).parameters
    for name in recipe.training.optimizers:
        if name not in parameters:
            raise UserError(f"{type(model).__name__} has no training.{name}; remove it")
    optimizers = {
        name: build_optimizer(f"training.{name}", table)
        for name, table in recipe.training.optimizers.items()
    }
    try:
        model.compile(**optimizers)
    except ValueError as error:
        raise UserError(f"[training] {error}") from None


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
