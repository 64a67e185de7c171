"""What a training would do."""

from pathlib import Path

from kerasgan.training.build import build_model
from kerasgan.training.recipe import Recipe
from kerasgan.training.recipe_images import load_recipe_images, with_classes
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.train import batches_per_iteration, check_same_data, resolve_recipe


def plan(recipe: Recipe, folder: str | Path, *, data: str | Path | None = None) -> str:
    """Loads the data and builds the model of a recipe, trains nothing, and describes the training.

    Args:
        recipe: What would be trained.
        folder: The run folder; nothing is written there.
        data: Folder or file of the data; by default the recipe's.

    Raises:
        UserError: As `train` would.
    """
    run = RunFolder(folder)
    recipe = resolve_recipe(recipe, run)
    images = load_recipe_images(recipe, data)
    if run.exists:
        check_same_data(run, images)
    recipe = with_classes(recipe, images)
    model = build_model(recipe)
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
