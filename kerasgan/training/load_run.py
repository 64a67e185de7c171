"""From a run folder to the model."""

from pathlib import Path

import msgspec

from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.training.build import build_model
from kerasgan.training.run_folder import RunFolder


def load_run(folder: str | Path, *, precision: str | None = "float32") -> AdversarialModel:
    """Loads the model of a training as its checkpoint has it, compiled, optimizers included.

    Args:
        folder: The run folder.
        precision: The dtype policy to build in, or `None` for the one it trains in.

    Raises:
        UserError: There is no training in the folder, or no readable checkpoint yet.
    """
    run = RunFolder(folder)
    recipe = run.recipe()
    if precision is not None:
        training = msgspec.structs.replace(recipe.training, precision=precision)
        recipe = msgspec.structs.replace(recipe, training=training)
    if not run.checkpoint.is_file():
        raise UserError(f"The training in {run.path} has no checkpoint yet; let it run on")
    model = build_model(recipe)
    restore(model, run)
    return model


def restore(model: AdversarialModel, run: RunFolder) -> None:
    """Loads the checkpoint of a run into its model.

    Raises:
        UserError: The checkpoint is damaged or of other networks.
    """
    try:
        model.load_weights(run.checkpoint)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"Cannot read the checkpoint {run.checkpoint}: {error}") from None
