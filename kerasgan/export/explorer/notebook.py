"""The page in a notebook."""

import html
from dataclasses import dataclass
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.export.explorer.page import one_page, write_page
from kerasgan.export.explorer.page_model import PageModel, page_model, page_model_of
from kerasgan.models import AdversarialModel
from kerasgan.shortened import shortened


@dataclass(frozen=True)
class Exploration:
    """A page on which models draw. A notebook shows it inline.

    Attributes:
        models: The models on it.
        height: Its height in the notebook, in pixels.
    """

    models: tuple[PageModel, ...]
    height: int

    def __repr__(self) -> str:
        return f"<Exploration of {', '.join(model.config['name'] for model in self.models)}>"

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Writes the page as one HTML file; see `kerasgan.export.explorer.write_page`."""
        return write_page(self.models, path, force=force)

    def _repr_html_(self) -> str:
        page = html.escape(one_page(self.models))
        return (
            f'<iframe title="kerasgan explore" srcdoc="{page}" '
            'allow="clipboard-write" allowfullscreen '
            f'style="width: 100%; height: {self.height}px; border: 0"></iframe>'
        )


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
