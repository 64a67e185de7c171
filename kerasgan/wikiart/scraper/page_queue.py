"""The pages of the site's listings: those that a run has read, and the one it reads next."""

import sqlite3
from collections.abc import Iterable

from kerasgan.wikiart.scraper.site import Listing


class PageQueue:
    """The pages of a run's listings that were read, and the one to be read next.

    It has two tables in the state's database. `listings` has for each listing the number of
    paintings that the site counts in it and the first page that has none; `pages` has the pages
    that were read or lost.

    Public methods are transactions, except those that say that they are part of one.

    Args:
        database: The database that `open_database` returned.
        run: The number of the run.
    """

    def __init__(self, database: sqlite3.Connection, run: int) -> None:
        self._db = database
        self._run = run

    def begin(self, listings: Iterable[Listing]) -> None:
        """Adds the first listings of a run, and forgets its lost pages, so that they are retried.

        Part of the caller's transaction.
        """
        self._add(listings)
        self._db.execute("DELETE FROM pages WHERE lost AND run = ?", [self._run])

    def add(self, listings: Iterable[Listing]) -> None:
        """Adds listings to the run."""
        with self._db:
            self._add(listings)

    def record_page(self, listing: Listing, page: int, total: int) -> None:
        """Records a page that was read, and the number of paintings that the site counts.

        Part of the caller's transaction, which records the paintings of the page.
        """
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, 0)", [self._run, str(listing), page]
        )
        self._db.execute(
            "UPDATE listings SET total = ? WHERE run = ? AND listing = ?",
            [total, self._run, str(listing)],
        )

    def lose_page(self, listing: Listing, page: int) -> None:
        """Records that a page could not be read; it is retried when the run is resumed."""
        with self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, 1)", [self._run, str(listing), page]
            )

    def end_listing(self, listing: Listing, page: int) -> None:
        """Records the first page of a listing that has no paintings any more."""
        with self._db:
            self._db.execute(
                "UPDATE listings SET end = ? WHERE run = ? AND listing = ?",
                [page, self._run, str(listing)],
            )

    def next_page(self) -> tuple[Listing, int] | None:
        """Returns the first unread page of the listing of which the fewest pages are read.

        A listing is passed over once its first page or two pages in a row are lost.
        """
        best = None
        for name, end in self._db.execute(
            "SELECT listing, end FROM listings WHERE run = ? ORDER BY rowid", [self._run]
        ).fetchall():
            lost = dict(
                self._db.execute(
                    "SELECT page, lost FROM pages WHERE run = ? AND listing = ?", [self._run, name]
                ).fetchall()
            )
            page = next(page for page in range(1, len(lost) + 2) if page not in lost)
            is_over = end is not None and page >= end
            is_stuck = lost.get(page - 1) and (page == 2 or lost.get(page - 2))
            if not is_over and not is_stuck and (best is None or page < best[1]):
                best = Listing.parse(name), page
        return best

    def _add(self, listings: Iterable[Listing]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO listings (run, listing) VALUES (?, ?)",
            [(self._run, str(listing)) for listing in listings],
        )
