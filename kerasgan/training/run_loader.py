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
        raise UserError(
            f"The training in {run.path} has no best weights, because it was not measured. One "
            f"with training.evaluate_every={10 * run.recipe().training.log_every} is"
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
        UserError: There is no training in the folder, no readable checkpoint yet, or it was never
            measured.
    """
    run = RunFolder(folder)
    check_has_weights(run, best=best)
    recipe = run.recipe()
    trains_in = recipe.training.precision
    training = msgspec.structs.replace(recipe.training, precision=precision or trains_in)
    model = build_model(
        msgspec.structs.replace(recipe, training=training),
        freeze_discriminator=frozen_layers(run.describe()),
    )
    # In float16 the optimizers have a state that those of other precisions cannot take over.
    run.checkpoints.load(
        model, run.best if best else None, optimizers=training.precision == trains_in
    )
    return model
