"""From a zoo entry, or a run folder, to the model."""

import json
from pathlib import Path

from kerasgan.errors import UserError, shortened
from kerasgan.models import AdversarialModel
from kerasgan.precision import resolve_precision
from kerasgan.recipes.build import compile_model
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.run_loader import check_has_weights, load_run
from kerasgan.zoo.checksums import check_files
from kerasgan.zoo.entries import find, run_of, stage_name
from kerasgan.zoo.entry_files import LOADED, METRICS
from kerasgan.zoo.hub_address import is_hub_address
from kerasgan.zoo.saved_model import read_saved_model


def load(
    name_or_folder: str | Path, *, stage: int = 1, precision: str = "float32"
) -> AdversarialModel:
    """Loads a pretrained model.

    `generate` draws from it, and `fit` continues its training from the shipped weights: it counts
    the batches that it was trained on as seen. It is compiled with new optimizers, as its recipe
    describes them; `compile` replaces them.

    The files that it is loaded from are checked against their checksums. The entry's documents may
    be edited, and files be added to its folder; `kerasgan.zoo.verify` tells of these too.

    Args:
        name_or_folder: The name of a shipped model (see `kerasgan.zoo.list`), the folder of any
            zoo entry, or the address of one on the Hugging Face Hub, `hf://USER/NAME` or
            `hf://USER/NAME@REVISION`. A download is checked, kept in the Hub's cache and treated
            as data: nothing in it is run.
        stage: 2 loads the second stage of the model instead; see `kerasgan.zoo.stage_name`.
        precision: The Keras dtype policy of the layers that were trained in mixed precision. In
            `"float32"` pictures are the same on every machine; `"auto"` trains fastest.

    Returns:
        A model of the entry's class, e.g. `kerasgan.models.WGAN`.

    Raises:
        UserError: There is no such model (the message lists near names), or its files are damaged.

    Example:
    >>> gan = kerasgan.zoo.load("pokemon_wgan")
    >>> gan.generate(4, seed=0).shape
    (4, 128, 128, 3)
    """
    folder = find(stage_name(name_or_folder, stage))
    precision = resolve_precision(precision)
    check_files(folder, parts=LOADED, is_download=is_hub_address(name_or_folder))
    try:
        model = read_saved_model(folder, precision=precision)
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        model.continue_after(metrics["training"]["batches"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"Cannot rebuild the model in {folder}: {_reason(error)}; get the entry again, or the "
            "kerasgan that exported it"
        ) from error
    compile_model(model, read_recipe(folder / "recipe.toml"))
    return model


def open_model(
    name_or_folder: str | Path, *, precision: str = "float32", best: bool = False
) -> AdversarialModel:
    """Loads a model from the zoo, the Hub, a zoo entry's folder, or a run folder.

    Args:
        name_or_folder: As in `load`, or a run folder.
        precision: The Keras dtype policy of the layers that were trained in mixed precision.
        best: Of a run, whether to load the weights with the smallest Fréchet distance.

    Raises:
        UserError: There is no such model, its files are damaged, or it has no best weights.
    """
    check_weights(name_or_folder, best=best)
    if run_of(name_or_folder) is not None:
        return load_run(name_or_folder, precision=precision, best=best)
    return load(name_or_folder, precision=precision)


def check_weights(name_or_folder: str | Path, *, best: bool = False) -> None:
    """Raises UserError if a run has no such weights, or the best are asked of what is no run."""
    if (run := run_of(name_or_folder)) is not None:
        check_has_weights(run, best=best)
    elif best:
        if not is_hub_address(name_or_folder):
            find(name_or_folder)  # It may be a mistyped run.
        raise UserError(f"Only a run folder has best weights. Received: {name_or_folder}")


def _reason(error: Exception) -> str:
    """Returns the innermost reason of an error; Keras puts whole configurations before it."""
    reason = str(error).rpartition("Exception encountered: ")[2]
    return shortened(" ".join(reason.split()), 200) or type(error).__name__
