"""From the paintings of WikiArt to a data set that models train on.

Everything here is imported when it is first used. `scrape` needs the extra `kerasgan[wikiart]`.
"""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from kerasgan.wikiart.preparer.prepare import Preparation, prepare
    from kerasgan.wikiart.preparer.stats import Stats, collect_stats, save_contact_sheets
    from kerasgan.wikiart.scraper.report import Report
    from kerasgan.wikiart.scraper.scrape import scrape
    from kerasgan.wikiart.scraper.site import GENRES, STYLES
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "GENRES": "scraper.site",
            "Preparation": "preparer.prepare",
            "Report": "scraper.report",
            "STYLES": "scraper.site",
            "Stats": "preparer.stats",
            "collect_stats": "preparer.stats",
            "prepare": "preparer.prepare",
            "save_contact_sheets": "preparer.stats",
            "scrape": "scraper.scrape",
        },
    )
