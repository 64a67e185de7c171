"""How far a scrape has read the site's listings."""

import sqlite3
from collections.abc import Iterable

from kerasgan.wikiart.scraper.listing import Listing


class Frontier:
    """The pages of a run's listings that were read, and the one to be read next.

    Two tables of the state's file: of `listings`, how many paintings the site counts in each and
    the page from which it has none; of `pages`, those that were read or lost.

    Public methods are transactions, except where they are said to be part of one.

    Args:
        database: As `open_database` returns it.
        run: The number of the run.
    """

    def __init__(self, database: sqlite3.Connection, run: int) -> None:
        self._db = database
        self._run = run

    def begin(self, listings: Iterable[Listing]) -> None:
        """Adds the listings that a run begins with, and has its lost pages tried again.

        Part of the caller's transaction.
        """
        self._add(listings)
        self._db.execute("DELETE FROM pages WHERE lost AND run = ?", [self._run])

    def add(self, listings: Iterable[Listing]) -> None:
        """Adds listings to those of the run."""
        with self._db:
            self._add(listings)

    def record_page(self, listing: Listing, page: int, total: int) -> None:
        """Records a page that was read, and how many paintings the site counts in the listing.

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
        """Records a page that could not be read, until the run is taken up again."""
        with self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, 1)", [self._run, str(listing), page]
            )

    def end_listing(self, listing: Listing, page: int) -> None:
        """Records that a listing has nothing from a page on."""
        with self._db:
            self._db.execute(
                "UPDATE listings SET end = ? WHERE run = ? AND listing = ?",
                [page, self._run, str(listing)],
            )

    def next_page(self) -> tuple[Listing, int] | None:
        """Returns the page to read next: of the listing least far read, its first unread.

        A listing of which the first page or two pages in a row were lost is left alone.
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
