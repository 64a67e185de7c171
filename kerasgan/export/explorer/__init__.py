"""The page on which anyone plays with models, in a browser and without a server that computes.

Its sources are in `web`; `scripts/build_explorer.py` makes `bundle` of them.
"""

from typing import TYPE_CHECKING

__all__ = ["Exploration", "write_page", "write_site"]

if TYPE_CHECKING:
    from kerasgan.export.explorer.notebook import Exploration
    from kerasgan.export.explorer.page import write_page, write_site
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {"Exploration": "notebook", "write_page": "page", "write_site": "page"},
    )
