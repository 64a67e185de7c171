"""From the paintings of WikiArt to a data set that models train on.

Everything here is imported when it is first used. `scrape` needs the extra `kerasgan[wikiart]`.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kerasgan.wikiart.preparer.prepare import Preparation, prepare
    from kerasgan.wikiart.preparer.stats import Stats, collect_stats, save_contact_sheets
    from kerasgan.wikiart.scraper.listing import GENRES, STYLES
    from kerasgan.wikiart.scraper.report import Report
    from kerasgan.wikiart.scraper.scrape import scrape

_MODULES = {
    "GENRES": "scraper.listing",
    "Preparation": "preparer.prepare",
    "Report": "scraper.report",
    "STYLES": "scraper.listing",
    "Stats": "preparer.stats",
    "collect_stats": "preparer.stats",
    "prepare": "preparer.prepare",
    "save_contact_sheets": "preparer.stats",
    "scrape": "scraper.scrape",
}

__all__ = [
    "GENRES",
    "STYLES",
    "Preparation",
    "Report",
    "Stats",
    "collect_stats",
    "prepare",
    "save_contact_sheets",
    "scrape",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'kerasgan.wikiart' has no attribute {name!r}")
    return getattr(importlib.import_module(f"kerasgan.wikiart.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
