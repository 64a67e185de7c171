"""Models on a page in a notebook."""

from pathlib import Path

from kerasgan.errors import UserError, shortened
from kerasgan.export.explorer.notebook import Exploration
from kerasgan.export.explorer.page_model import page_model_of
from kerasgan.models import AdversarialModel
from kerasgan.zoo.page_models import page_model


def explore(
    *models: AdversarialModel | str | Path, name: str = "", height: int = 760
) -> Exploration:
    """Makes a page on which anyone plays with models; a notebook shows it inline.

    The page computes in the browser: it needs neither this process nor a network.

    Args:
        models: Models, names of shipped models, or folders as `kerasgan explore` takes them.
        name: Name of a model that is given itself, as the commands take it, for what they copy.
        height: Height of the page in the notebook, in pixels.

    Raises:
        UserError: There is no such model, or it cannot be exported to LiteRT.

    Example:
    >>> kerasgan.explore("pokemon_wgan")
    <Exploration of pokemon_wgan>
    """
    if not models:
        raise UserError("explore needs a model, such as explore('pokemon_wgan')")
    for model in models:
        if not isinstance(model, AdversarialModel | str | Path):
            raise UserError(
                f"explore takes models, names and folders. Received: {shortened(repr(model))}"
            )
    return Exploration(
        tuple(
            page_model_of(model, name) if isinstance(model, AdversarialModel) else page_model(model)
            for model in models
        ),
        height,
    )
