"""From a run folder to the model."""

import warnings
from pathlib import Path

import msgspec

from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.recipes.build import build_model
from kerasgan.shortened import shortened
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
    if run.checkpoints.newest is None:
        raise UserError(f"The training in {run.path} has no checkpoint yet; let it run on")
    model = build_model(recipe)
    # The optimizers of float16 have a state of their own, which others cannot take over.
    restore(model, run, optimizers=precision in (None, run.recipe().training.precision))
    return model


def restore(model: AdversarialModel, run: RunFolder, *, optimizers: bool = True) -> None:
    """Loads the newest checkpoint of a run into its model.

    Args:
        model: The model, built from the run's recipe.
        run: The run.
        optimizers: Whether it is an error if the optimizers' state does not fit.

    Raises:
        UserError: The checkpoint is damaged or of other networks.
    """
    try:
        with warnings.catch_warnings():
            # Keras only warns where it leaves something as it was.
            warnings.filterwarnings("error", message="Skipping")
            if not optimizers:
                warnings.filterwarnings("ignore", message="Skipping variable loading for optimizer")
            run.checkpoints.load(model)
    except UserError:
        raise
    except Exception as error:  # Of a file without a checksum, HDF5 and Keras raise all kinds.
        reason = shortened(str(error).strip("'\"").partition("\n")[0].strip(". "))
        raise UserError(
            f"The checkpoint {run.checkpoints.newest} is damaged or of other networks ({reason}); "
            "put back a copy of it, or train in another folder with --out"
        ) from None
