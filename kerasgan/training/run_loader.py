"""Loading the model of a run."""

from pathlib import Path

import msgspec

from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.recipes.build import build_model
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.warm_start import frozen_layers


def check_has_weights(run: RunFolder, *, best: bool = False) -> None:
    """Raises UserError if a run has no checkpoint yet, or with `best` no best weights."""
    if best and not run.best.is_file():
        training = run.recipe().training
        if training.evaluate_every:
            raise UserError(
                f"The training in {run.path} has no best weights yet: it is measured every "
                f"{training.evaluate_every} iterations, if it has 100 images and the extra metrics"
            )
        raise UserError(
            f"The training in {run.path} has no best weights, because it was not measured. "
            f"kerasgan train {run.path} --set training.evaluate_every={10 * training.log_every} "
            "goes on and measures"
        )
    if run.checkpoints.newest is None and not best:
        raise UserError(f"The training in {run.path} has no checkpoint yet; let it run longer")


def load_run(
    folder: str | Path, *, precision: str | None = "float32", best: bool = False
) -> AdversarialModel:
    """Loads the model of a training from its newest checkpoint, compiled, with its optimizers.

    Args:
        folder: The run folder.
        precision: The Keras dtype policy of the networks, or `None` for the one they train in.
        best: Whether to load the weights with the smallest Fréchet distance instead of the newest
            checkpoint.

    Raises:
        UserError: There is no training in the folder, no readable checkpoint yet, it was never
            measured, or the model that a second stage builds on is gone.
    """
    run = RunFolder(folder)
    check_has_weights(run, best=best)
    recipe = run.recipe()
    trains_in = recipe.training.precision
    training = msgspec.structs.replace(recipe.training, precision=precision or trains_in)
    try:
        model = build_model(
            msgspec.structs.replace(recipe, training=training),
            freeze_discriminator=frozen_layers(run.describe()),
        )
    except UserError as error:
        if recipe.stage_one is None:
            raise
        raise UserError(
            f"{error}. The training in {run.path} builds on it: put it back, or write where it is "
            f"now to stage_one.model of the recipe in {run.description_file}"
        ) from None
    # In float16 the optimizers have a state that those of other precisions cannot take over.
    run.checkpoints.load(
        model, run.best if best else None, optimizers=training.precision == trains_in
    )
    return model
