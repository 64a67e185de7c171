"""The state of a scrape, so that it can be stopped at any moment and resumed."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.wikiart.scraper.database import open_database
from kerasgan.wikiart.scraper.images import StoredImage
from kerasgan.wikiart.scraper.metadata import Record, image_file_name
from kerasgan.wikiart.scraper.page import Entry, Page
from kerasgan.wikiart.scraper.page_queue import PageQueue
from kerasgan.wikiart.scraper.problems import Problem
from kerasgan.wikiart.scraper.site import Listing

# A painting belongs to the run's listings if one of them is its label.
_OF_RUN = """
EXISTS (SELECT 1 FROM labels JOIN listings USING (listing)
        WHERE labels.painting = paintings.id AND listings.run = :run)
"""


class State:
    """The state of the scrapes into a folder, an SQLite file.

    A run lasts until a command is finished, however often it is stopped and started again. Each
    method is a transaction, so whenever the process is killed, the file has everything that was
    done before. The file is locked while it is open.

    A painting's status is `"pending"` until its image is `"stored"`, or `"lost"` for this run; it
    is `"placeholder"` if the site has no image of the painting.

    Args:
        path: The file.

    Attributes:
        run: The number of the run, after `begin`.
        pages: The pages of the run's listings, after `begin`.

    Raises:
        UserError: As `open_database`.
    """

    def __init__(self, path: Path) -> None:
        self._db = open_database(path)
        self.run = 0
        self.pages = PageQueue(self._db, self.run)

    def close(self) -> None:
        """Closes and unlocks the file."""
        self._db.close()

    @property
    def is_new(self) -> bool:
        """Whether no painting was ever found here."""
        return not self._db.execute("SELECT EXISTS (SELECT 1 FROM paintings)").fetchone()[0]

    def begin(self, command: str, listings: Iterable[Listing]) -> None:
        """Resumes the unfinished run of a command, or begins a new one.

        Lost pages and paintings are tried again.
        """
        with self._db:
            unfinished = self._db.execute(
                "SELECT max(id) FROM runs WHERE command = ? AND NOT finished", [command]
            ).fetchone()[0]
            if unfinished is None:
                begun = self._db.execute("INSERT INTO runs (command) VALUES (?)", [command])
                unfinished = begun.lastrowid
                assert unfinished is not None
            self.run = unfinished
            self.pages = PageQueue(self._db, self.run)
            self.pages.begin(listings)
            self._db.execute("UPDATE paintings SET status = 'pending' WHERE status = 'lost'")

    def finish(self) -> None:
        """Ends the run: the next one reads all listings again."""
        with self._db:
            self._db.execute("UPDATE runs SET finished = 1 WHERE id = ?", [self.run])
            for table in ("pages", "listings", "faults"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE run IN "
                    "(SELECT id FROM runs WHERE finished AND id < ?)",
                    [self.run],
                )

    def add_page(self, listing: Listing, number: int, page: Page) -> int:
        """Records a page that was read, and returns how many of its paintings are new.

        A painting is new if no page of this listing that this run has read has it.
        """
        name = str(listing)
        with self._db:
            known = {
                row[0]
                for row in self._db.execute(
                    "SELECT painting FROM labels WHERE listing = ? AND run = ?", [name, self.run]
                )
            }
            for entry in page.entries:
                self._add_painting(entry, name)
            for problem in page.problems:
                self._add_problem(problem, name)
            self.pages.record_page(listing, number, page.total)
        return len({entry.id for entry in page.entries} - known)

    def next_painting(self) -> sqlite3.Row | None:
        """Returns the `id` and `image` of the painting of the run to be fetched next, or None."""
        return self._db.execute(
            "SELECT id, image FROM paintings WHERE status = 'pending' AND"
            + _OF_RUN
            + "ORDER BY rowid LIMIT 1",
            {"run": self.run},
        ).fetchone()

    def ids(self, status: str) -> set[str]:
        """Returns the ids of the paintings with a status."""
        rows = self._db.execute("SELECT id FROM paintings WHERE status = ?", [status])
        return {row[0] for row in rows}

    def counts(self) -> tuple[int, int]:
        """Returns how many paintings of the run's listings are stored, and how many are known.

        Any run may have stored them. Paintings without an image do not count.
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
        """Records the status of paintings, by their ids."""
        with self._db:
            self._db.executemany(
                "UPDATE paintings SET status = ? WHERE id = ?",
                [(status, painting) for painting in paintings],
            )

    def add_problem(self, problem: Problem, listing: Listing | None = None) -> None:
        """Counts a problem; one of the same kind and subject as before counts as its repetition."""
        with self._db:
            self._add_problem(problem, str(listing) if listing else "")

    def lose(self, problem: Problem) -> None:
        """Records that a page or painting was given up because of a problem counted before."""
        with self._db:
            self._db.execute(
                "INSERT INTO faults VALUES (?, ?, ?, '', ?, 1, 1) "
                "ON CONFLICT DO UPDATE SET lost = 1",
                [self.run, problem.kind, problem.subject, problem.detail],
            )

    def forgive(self, subject: str) -> None:
        """Records that a page or painting that had been given up was fetched after all."""
        with self._db:
            self._db.execute(
                "UPDATE faults SET lost = 0 WHERE run = ? AND subject = ?", [self.run, subject]
            )

    def rows(self, query: str, **parameters: Any) -> Sequence[sqlite3.Row]:
        """Returns the answer to a query; in it, `:run` is the number of the run."""
        return self._db.execute(query, {"run": self.run, **parameters}).fetchall()

    def records(self) -> Iterator[Record]:
        """Yields the records of all stored paintings, in the order in which they were found."""
        labels: dict[str, dict[str, list[str]]] = {}
        for row in self.rows("SELECT painting, listing FROM labels ORDER BY listing"):
            label = Listing.parse(row["listing"])
            labels.setdefault(row["painting"], {}).setdefault(label.kind, []).append(label.slug)
        for row in self.rows("SELECT * FROM paintings WHERE status = 'stored' ORDER BY rowid"):
            found = labels.get(row["id"], {})
            values = {
                **dict(row),
                "file_name": image_file_name(row["id"]),
                "genres": found.get("genre", []),
                "styles": found.get("style", []),
            }
            yield Record(**{field: values[field] for field in Record.__struct_fields__})

    def restore(self, records: Iterable[Record]) -> None:
        """Adds the paintings of a metadata file whose state was lost."""
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

    def _add_painting(self, entry: Entry, listing: str) -> None:
        values = {**vars(entry), "run": self.run}
        values["status"] = "placeholder" if entry.is_placeholder else "pending"
        # A stored image is never fetched again, even if the site has another one now.
        self._db.execute(
            "INSERT INTO paintings (id, title, artist, artist_slug, year, image, status, run) "
            "VALUES (:id, :title, :artist, :artist_slug, :year, :image, :status, :run) "
            "ON CONFLICT (id) DO UPDATE SET title = :title, artist = :artist, "
            "artist_slug = :artist_slug, year = :year, image = :image, "
            "status = iif(status IN ('stored', 'lost'), status, :status)",
            values,
        )
        self._db.execute(
            "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)", [entry.id, listing, self.run]
        )

    def _add_problem(self, problem: Problem, listing: str) -> None:
        self._db.execute(
            "INSERT INTO faults VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
            "count = count + 1, detail = excluded.detail, lost = max(lost, excluded.lost)",
            [self.run, problem.kind, problem.subject, listing, problem.detail, problem.is_lost],
        )


def command_name(listings: Iterable[Listing], with_artists: bool) -> str:
    """Returns a text that is the same for two commands if they scrape the same listings."""
    return json.dumps([sorted(map(str, listings)), with_artists])
