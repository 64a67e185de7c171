"""What a training would do."""

import contextlib
from pathlib import Path

from kerasgan.files import check_could_be_made
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.load_run import restore
from kerasgan.training.preparation import prepare_training
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_lock import run_lock
from kerasgan.training.train import batches_per_iteration


def plan(
    recipe: Recipe,
    folder: str | Path,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
) -> str:
    """Loads the data and builds the model of a recipe, trains nothing, and describes the training.

    Args:
        recipe: What would be trained.
        folder: The run folder; nothing is written there.
        data: Folder or file of the data; by default the recipe's.
        recipe_text: The recipe's own file.

    Raises:
        UserError: As `train` would.
    """
    run = RunFolder(folder)
    with run_lock(run.path) if run.path.is_dir() else contextlib.nullcontext():
        prepared = prepare_training(recipe, run, data=data, recipe_text=recipe_text)
        if run.checkpoints.newest is not None and not run.checkpoints.only_last_is_damaged():
            restore(prepared.model, run)
    check_could_be_made(run.path)
    recipe, model, images = prepared.recipe, prepared.model, prepared.images
    schedule = recipe.training
    batches = batches_per_iteration(model)
    lines = [
        f"data: {len(images)} images of {'x'.join(map(str, images.images.shape[1:]))}"
        + (f", {len(images.skipped)} skipped" if images.skipped else ""),
        f"generator: {recipe.generator['network']}, {model.generator.count_params():,} parameters",
        f"discriminator: {recipe.discriminator['network']}, "
        f"{model.discriminator.count_params():,} parameters",
        f"objective: {type(model).__name__}",
        f"training: {schedule.iterations:,} iterations of {batches} x {schedule.batch_size} "
        f"images, {schedule.iterations * batches * schedule.batch_size / len(images):,.0f} epochs",
        f"run folder: {run.path}" + (", which would be resumed" if run.exists else ""),
        "",
        recipe.as_toml().strip(),
    ]
    return "\n".join(lines)
