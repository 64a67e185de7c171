"""From a zoo entry to the model."""

from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.precision import resolve_precision
from kerasgan.recipes.build import compile_model
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.zoo.checksums import verify
from kerasgan.zoo.entries import find
from kerasgan.zoo.saved_model import read_saved_model


def load(name_or_folder: str | Path, *, precision: str = "float32") -> AdversarialModel:
    """Loads a pretrained model.

    The model is the real one: `generate` draws at once, and `fit` trains on from the shipped
    weights. It comes compiled with fresh optimizers of its recipe; `compile` it anew for others.

    Args:
        name_or_folder: The name of a shipped model (see `kerasgan.zoo.list`), or the folder of
            any zoo entry.
        precision: The arithmetic of the layers that were trained in mixed precision. Pictures are
            the same everywhere in `"float32"`; `"auto"` trains fastest.

    Returns:
        A model of the entry's class, e.g. `kerasgan.models.WGAN`.

    Raises:
        UserError: There is no such model (the message has near names), or its files are damaged.

    Example:
    >>> gan = kerasgan.zoo.load("pokemon_wgan")
    >>> gan.generate(4, seed=0).shape
    (4, 128, 128, 3)
    """
    folder = find(name_or_folder)
    verify(folder)
    try:
        model = read_saved_model(folder, precision=resolve_precision(precision))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"Cannot rebuild the model in {folder}: {error}") from error
    compile_model(model, read_recipe(folder / "recipe.toml"))
    return model
