"""Everything that a training needs before its next step, checked, and what it would do."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import tensorflow as tf

from kerasgan.data import Augmentation
from kerasgan.errors import UserError
from kerasgan.files.new_folder import lies_in
from kerasgan.files.user_path import user_path
from kerasgan.models import AdversarialModel
from kerasgan.recipes.build import build_model
from kerasgan.recipes.own_pictures import recipe_for_data
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.warm_start import WarmStart, resolve_warm_start

# The sources that read every picture below a folder.
_FOLDERS = ("images", "imagefolder", "pokemon")


@dataclass(frozen=True)
class ResolvedRun:
    """What is trained, and on what.

    Attributes:
        recipe: The recipe, with its precision and classes resolved.
        recipe_text: The recipe in TOML, as it was passed unless the data are not its own.
        model: The model, compiled, in the state of the run's checkpoint, or with the first weights
            that the recipe's seed gives it.
        images: The images of the recipe.
        augmentation: How the images to train on are varied.
        changes: The keys that `recipe_for_data` changed, as `"key: before -> after"`.
        init: The model that the training starts from, or was started from, if there is one.
        data_path: The absolute path of the data; empty for data that are downloaded.
    """

    recipe: Recipe
    recipe_text: str
    model: AdversarialModel
    images: RecipeImages
    augmentation: Augmentation
    changes: list[str]
    init: WarmStart | None = None
    data_path: str = ""


def resolve_run(
    recipe: Recipe,
    run: RunFolder,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
    init: str | Path | None = None,
    freeze_discriminator: int | None = None,
    strategy: tf.distribute.Strategy | None = None,
    restore: bool = True,
    progress: bool = False,
) -> ResolvedRun:
    """Resolves the recipe, loads the data, builds the model and restores it from its checkpoint.

    If the data are not the recipe's own, the recipe is changed for them; see `recipe_for_data`.
    Nothing is written to the run folder: `plan` uses this too, and so refuses what `train` would.

    Args:
        recipe: What to train.
        run: The run, which need not exist yet.
        data: As in `kerasgan.training.train`.
        recipe_text: The text of the recipe's file.
        init: The model to start from, as in `kerasgan.training.train`.
        freeze_discriminator: As in `kerasgan.training.train`.
        strategy: The strategy that the model is built under, if any.
        restore: Whether to give the model the weights of the checkpoint or of `init`; workers that
            get their state from another one need neither file.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: See `kerasgan.training.train`.
    """
    data = data or present_data_of_run(run, recipe)
    fitting = recipe_for_data(recipe, data)
    written, recipe = recipe, resolve_recipe(fitting, run)
    changes = written.differences(fitting)
    if fitting != written:
        recipe_text = None
    recipe_text = recipe_text or recipe.as_toml()
    if not run.exists:
        _check_apart(run, recipe, data)
        run.check_unused(recipe_text)
    elif restore:
        _check_checkpoint(run, recipe)
    # Whether a run that is resumed was started from this model, the chief finds out for all.
    origin = init if restore or not run.exists else None
    start = resolve_warm_start(run, origin, freeze_discriminator)
    augmentation = Augmentation(**msgspec.to_builtins(recipe.data.augmentation))
    images = RecipeImages(recipe, data, progress=progress)
    # The model is built before the images are decoded, because its checks take seconds and decoding
    # a large folder minutes. Only if the recipe leaves the classes to the data do they come first.
    recipe = images.recipe
    frozen = 0 if start is None else start.freeze_discriminator
    with contextlib.nullcontext() if strategy is None else strategy.scope():
        model = build_model(recipe, freeze_discriminator=frozen)
    started = run.describe()["data"] if run.exists else None
    path = data or recipe.data.path
    path = str(user_path(path).absolute()) if path else ""
    if started and started["fingerprint"] != images.all.fingerprint:
        raise _other_data(run, started, path, len(images.all))
    images.read()
    if restore and (checkpoint := run.checkpoints.resumable):
        run.checkpoints.load(model, checkpoint)
    elif restore and start is not None:
        start = start.apply(model)
    return ResolvedRun(
        recipe=recipe,
        recipe_text=recipe_text,
        model=model,
        images=images,
        augmentation=augmentation,
        changes=changes,
        init=start,
        data_path=path,
    )


def data_of_run(run: RunFolder, recipe: Recipe) -> str | None:
    """Returns the path of the data that a run was started with, unless the recipe has another."""
    if not run.exists:
        return None
    started = run.describe()
    is_own = recipe.data.path != started["recipe"]["data"]["path"]
    return None if is_own else started["data"]["path"] or None


def _other_data(run: RunFolder, started: dict[str, Any], path: str, count: int) -> UserError:
    """Returns the error of data that are not those that a run was started with."""
    before = started["images"]
    on = (
        f"pass another folder= with init={str(run.path)!r} to go on from what it has learned, on "
        "these"
    )
    if path != started["path"]:
        return UserError(
            f"The training in {run.path} was started with other data ({before} images in "
            f"{started['path']}); pass the same, or {on}"
        )
    now = "as many, but others," if count == before else count
    return UserError(
        f"The data{' in ' + path if path else ''} have changed since the training in {run.path} "
        f"was started: {before} images then, {now} now. Put back what was there, or {on}"
    )


def present_data_of_run(run: RunFolder, recipe: Recipe) -> str | None:
    """Returns what `data_of_run` does; raises UserError if nothing is there any more."""
    data = data_of_run(run, recipe)
    if data is not None and not Path(data).exists():
        raise UserError(
            f"The data that the training in {run.path} was started with are no longer in {data}; "
            "if they were moved, pass data=PATH with their new place"
        )
    return data


def _check_apart(run: RunFolder, recipe: Recipe, data: str | Path | None) -> None:
    """Refuses a run among the pictures that it trains on: its grids would become some of them."""
    place = data or recipe.data.path
    if place and recipe.data.source in _FOLDERS and lies_in(run.path, place):
        raise UserError(
            f"The run folder {run.path} lies in {place}, whose pictures it trains on, and its own "
            "would become some of them; pass another folder="
        )


def _check_checkpoint(run: RunFolder, recipe: Recipe) -> None:
    """Refuses a run that has trained beyond its first checkpoint and has none."""
    if run.checkpoints.newest:
        return
    first = max(each.training.checkpoint_every for each in (run.recipe(), recipe))
    reached = max((line["iteration"] for line in run.log()), default=0)
    if reached > first:
        raise UserError(
            f"The run in {run.path} has a log up to iteration {reached:,} but no checkpoint: put "
            "checkpoint.weights.h5 back, or pass another folder= to train anew"
        )
