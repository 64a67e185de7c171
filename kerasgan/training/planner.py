"""What a training would do."""

import contextlib
from pathlib import Path

from kerasgan.files import check_could_be_made
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.resolved_run import resolve_run
from kerasgan.training.run_folder import RunFolder


def plan(
    recipe: Recipe,
    folder: str | Path,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
    progress: bool = False,
) -> str:
    """Describes what `train` would do with the same arguments, and trains nothing.

    Args:
        recipe: What would be trained.
        folder: The run folder; nothing is written there.
        data: Folder or file of the data; by default the recipe's.
        recipe_text: The text of the recipe's file.
        progress: Whether to show progress bars on stderr.

    Returns:
        Lines about the data, the networks and the schedule, and the recipe with every default.

    Raises:
        UserError: `train` would raise it too.
    """
    run = RunFolder(folder)
    check_could_be_made(run.path)
    with run.lock() if run.path.is_dir() else contextlib.nullcontext():
        resolved = resolve_run(recipe, run, data=data, recipe_text=recipe_text, progress=progress)
    recipe, model, images = resolved.recipe, resolved.model, resolved.images
    schedule = recipe.training
    seen = schedule.iterations * model.n_critic * schedule.batch_size
    lines = [
        f"data: {len(images)} images of {'x'.join(map(str, images.images.shape[1:]))}"
        + (f", {len(images.skipped)} skipped" if images.skipped else ""),
        f"generator: {recipe.generator['network']}, {model.generator.count_params():,} parameters",
        f"discriminator: {recipe.discriminator['network']}, "
        f"{model.discriminator.count_params():,} parameters",
        f"objective: {type(model).__name__}",
        f"training: {schedule.iterations:,} iterations of {model.n_critic} x "
        f"{schedule.batch_size} images, {seen / len(images):,.0f} epochs",
        f"run folder: {run.path}" + (", which would be resumed" if run.exists else ""),
        "",
        recipe.as_toml().strip(),
    ]
    return "\n".join(lines)
