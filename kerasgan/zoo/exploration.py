"""Models on a page in a notebook."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.errors import UserError, shortened
from kerasgan.export.explorer.notebook import Exploration
from kerasgan.export.explorer.page import check_names
from kerasgan.export.explorer.page_model import page_model_of
from kerasgan.models import AdversarialModel
from kerasgan.one_or_more import one_or_more
from kerasgan.zoo.page_models import page_model


def explore(
    *models: AdversarialModel | str | Path, name: str | Sequence[str] = "", height: int = 760
) -> Exploration:
    """Makes a page on which anyone plays with models; a notebook shows it inline.

    The page computes in the browser: it needs neither this process nor a network.

    Args:
        models: Models, names of shipped models, or folders as `kerasgan explore` takes them.
        name: Name of the model that is given itself, as the commands take it, for what is copied
            from the page; of several, the name of each, in order.
        height: Height of the page in the notebook, in pixels.

    Raises:
        UserError: There is no such model, it cannot be exported to LiteRT, there are more or fewer
            names than models that are given themselves, or two models have one name.

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
    given = sum(isinstance(model, AdversarialModel) for model in models)
    names = list(one_or_more(name)) if name else [""] * given
    if len(names) != given:
        raise UserError(
            f"name= names the models that are given themselves, one name for each of {given}. "
            f"Received: name={shortened(repr(name))}"
        )
    each = iter(names)
    shown = tuple(
        page_model_of(model, next(each))
        if isinstance(model, AdversarialModel)
        else page_model(model)
        for model in models
    )
    check_names(shown)
    return Exploration(shown, height)
