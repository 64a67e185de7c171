"""What a scrape knows, so that it can be stopped at any moment and go on."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.wikiart.scraper.database import open_database
from kerasgan.wikiart.scraper.faults import Fault
from kerasgan.wikiart.scraper.frontier import Frontier
from kerasgan.wikiart.scraper.images import StoredImage
from kerasgan.wikiart.scraper.listing import Listing
from kerasgan.wikiart.scraper.page import Page, Painting
from kerasgan.wikiart.scraper.record import Record

# A painting is of the run's listings if it has one of them as a label.
_OF_RUN = """
EXISTS (SELECT 1 FROM labels JOIN listings USING (listing)
        WHERE labels.painting = paintings.id AND listings.run = :run)
"""


class State:
    """The state of the scrapes into a folder, an SQLite file.

    A run is a command until it is finished, however often it is stopped and started again. Methods
    are transactions, so whenever the process is killed, the file holds what was done before. It
    stays locked while it is open.

    A painting's status is `"pending"` until its image is `"stored"` or `"lost"` (for this run);
    `"placeholder"` if the site shows none.

    Attributes:
        run: The number of the run, after `begin`.
        frontier: How far the run has read its listings, after `begin`.

    Raises:
        UserError: As `open_database`.
    """

    def __init__(self, path: Path) -> None:
        self._db = open_database(path)
        self.run = 0
        self.frontier = Frontier(self._db, self.run)

    def close(self) -> None:
        """Closes and unlocks the file."""
        self._db.close()

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever scraped here."""
        return not self._db.execute("SELECT EXISTS (SELECT 1 FROM paintings)").fetchone()[0]

    def begin(self, command: str, listings: Iterable[Listing]) -> None:
        """Takes up the unfinished run of a command, or begins a new one.

        What was lost is tried again.
        """
        with self._db:
            unfinished = self._db.execute(
                "SELECT max(id) FROM runs WHERE command = ? AND NOT finished", [command]
            ).fetchone()[0]
            if unfinished is None:
                begun = self._db.execute("INSERT INTO runs (command) VALUES (?)", [command])
                unfinished = begun.lastrowid
            self.run = unfinished
            self.frontier = Frontier(self._db, self.run)
            self.frontier.begin(listings)
            self._db.execute("UPDATE paintings SET status = 'pending' WHERE status = 'lost'")

    def finish(self) -> None:
        """Ends the run: the next one reads the listings anew."""
        with self._db:
            self._db.execute("UPDATE runs SET finished = 1 WHERE id = ?", [self.run])
            for table in ("pages", "listings", "faults"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE run IN "
                    "(SELECT id FROM runs WHERE finished AND id < ?)",
                    [self.run],
                )

    def add_page(self, listing: Listing, number: int, page: Page) -> int:
        """Records a page that was read, and returns how many of its paintings it is first to list.

        First among the pages of this listing that this run has read.
        """
        name = str(listing)
        with self._db:
            known = {
                row[0]
                for row in self._db.execute(
                    "SELECT painting FROM labels WHERE listing = ? AND run = ?", [name, self.run]
                )
            }
            for painting in page.paintings:
                self._add_painting(painting, name)
            for fault in page.faults:
                self._add_fault(fault, name)
            self.frontier.record_page(listing, number, page.total)
        return len({painting.id for painting in page.paintings} - known)

    def next_painting(self) -> sqlite3.Row | None:
        """Returns a painting of the run whose image is to be fetched: its `id` and `image`."""
        return self._db.execute(
            "SELECT id, image FROM paintings WHERE status = 'pending' AND"
            + _OF_RUN
            + "ORDER BY rowid LIMIT 1",
            {"run": self.run},
        ).fetchone()

    def ids(self, status: str) -> set[str]:
        """Returns the paintings of a status."""
        rows = self._db.execute("SELECT id FROM paintings WHERE status = ?", [status])
        return {row[0] for row in rows}

    def counts(self) -> tuple[int, int]:
        """Returns how many paintings of the run's listings are stored, and how many there are.

        By whichever run, and without those that have no image.
        """
        row = self._db.execute(
            "SELECT total(status = 'stored'), count(*) FROM paintings "
            "WHERE status != 'placeholder' AND" + _OF_RUN,
            {"run": self.run},
        ).fetchone()
        return int(row[0]), row[1]

    def store(self, painting: str, image: StoredImage, source_url: str) -> None:
        """Records that an image was stored."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._db:
            self._db.execute(
                "UPDATE paintings SET status = 'stored', run = ?, width = ?, height = ?, "
                "sha256 = ?, source_url = ?, fetched_at = ? WHERE id = ?",
                [self.run, image.width, image.height, image.sha256, source_url, now, painting],
            )
        self.forgive(painting)

    def set_status(self, paintings: Iterable[str], status: str) -> None:
        """Records another status of paintings."""
        with self._db:
            self._db.executemany(
                "UPDATE paintings SET status = ? WHERE id = ?",
                [(status, painting) for painting in paintings],
            )

    def add_fault(self, fault: Fault, listing: Listing | None = None) -> None:
        """Counts a fault; one of the same kind and subject counts as its repetition."""
        with self._db:
            self._add_fault(fault, str(listing) if listing else "")

    def lose(self, fault: Fault) -> None:
        """Records that a page or painting was given up for a fault that was counted already."""
        with self._db:
            self._db.execute(
                "INSERT INTO faults VALUES (?, ?, ?, '', ?, 1, 1) "
                "ON CONFLICT DO UPDATE SET lost = 1",
                [self.run, fault.kind, fault.subject, fault.detail],
            )

    def forgive(self, subject: str) -> None:
        """Records that a page or painting that was lost to a fault was fetched after all."""
        with self._db:
            self._db.execute(
                "UPDATE faults SET lost = 0 WHERE run = ? AND subject = ?", [self.run, subject]
            )

    def rows(self, query: str, **parameters: Any) -> Sequence[sqlite3.Row]:
        """Returns the answer to a query; `:run` is the number of the run."""
        return self._db.execute(query, {"run": self.run, **parameters}).fetchall()

    def restore(self, records: Iterable[Record]) -> None:
        """Takes over the paintings of a metadata file whose state was lost."""
        with self._db:
            for record in records:
                self._db.execute(
                    "INSERT OR IGNORE INTO paintings (id, title, artist, year, image, status, run, "
                    "width, height, source_url, sha256, fetched_at) VALUES (:id, :title, :artist, "
                    ":year, :source_url, 'stored', 0, :width, :height, :source_url, :sha256, "
                    ":fetched_at)",
                    msgspec.structs.asdict(record),
                )
                labels = [Listing("genre", slug) for slug in record.genres]
                labels += [Listing("style", slug) for slug in record.styles]
                self._db.executemany(
                    "INSERT OR IGNORE INTO labels VALUES (?, ?, 0)",
                    [(record.id, str(label)) for label in labels],
                )

    def _add_painting(self, painting: Painting, listing: str) -> None:
        values = {**vars(painting), "run": self.run}
        values["status"] = "placeholder" if painting.is_placeholder else "pending"
        # A stored image is never fetched again, whatever the site has now.
        self._db.execute(
            "INSERT INTO paintings (id, title, artist, artist_slug, year, image, status, run) "
            "VALUES (:id, :title, :artist, :artist_slug, :year, :image, :status, :run) "
            "ON CONFLICT (id) DO UPDATE SET title = :title, artist = :artist, "
            "artist_slug = :artist_slug, year = :year, image = :image, "
            "status = iif(status IN ('stored', 'lost'), status, :status)",
            values,
        )
        self._db.execute(
            "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)", [painting.id, listing, self.run]
        )

    def _add_fault(self, fault: Fault, listing: str) -> None:
        self._db.execute(
            "INSERT INTO faults VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
            "count = count + 1, detail = excluded.detail, lost = max(lost, excluded.lost)",
            [self.run, fault.kind, fault.subject, listing, fault.detail, fault.is_lost],
        )


def command_name(listings: Iterable[Listing], with_artists: bool) -> str:
    """Returns what makes two commands the same: what they scrape, not how much or how fast."""
    return json.dumps([sorted(map(str, listings)), with_artists])
