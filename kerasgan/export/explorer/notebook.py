"""The page in a notebook."""

import html
from dataclasses import dataclass
from pathlib import Path

from kerasgan.export.explorer.page import one_page, write_page
from kerasgan.export.explorer.page_model import PageModel


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
