"""The report of a scrape."""

import io
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kerasgan.wikiart.scraper.problems import UNKNOWN_ENTRY, UNSAFE_ID
from kerasgan.wikiart.scraper.state import State

_PER_LISTING = """
SELECT labels.listing,
       count(*) AS found,
       total(status = 'stored' AND paintings.run = :run) AS new,
       total(status = 'placeholder' OR status = 'stored' AND paintings.run < :run) AS skipped,
       total(status = 'lost') AS failed
FROM labels JOIN paintings ON paintings.id = labels.painting
WHERE labels.run = :run
GROUP BY labels.listing
"""
# Entries that were refused are no paintings in the state.
_REFUSED = """
SELECT listing, sum(count) FROM faults
WHERE run = :run AND kind IN (:unsafe, :unknown) GROUP BY listing
"""
_LOST_PAGES = """
SELECT listing, count(*) FROM pages WHERE run = :run AND lost GROUP BY listing
"""
# If there are more artists, only their sum is shown.
_MOST_ARTISTS = 10


class ListingReport(msgspec.Struct, frozen=True):
    """The numbers of a listing.

    Attributes:
        name: The listing, such as `"genre:landscape"`.
        found: Number of paintings on the pages that were read, the sum of the next four.
        new: Number that this run stored. A run lasts until its command is finished, however often
            it is stopped and started again.
        skipped: Number that an earlier run stored, or that have no image.
        failed: Number that were refused, or given up after all retries.
        left: Number that were not tried because the scrape was stopped or reached its limit.
        total: Number of paintings that the site counts, or None if no page could be read.
        is_read: Whether the listing was read to its end, which a limit or a stop prevents.
        lost_pages: Number of pages that could not be read.
    """

    name: str
    found: int
    new: int
    skipped: int
    failed: int
    left: int
    total: int | None
    is_read: bool
    lost_pages: int


class ProblemReport(msgspec.Struct, frozen=True):
    """The numbers of one kind of problem.

    Attributes:
        kind: One of the names in `kerasgan.wikiart.scraper.problems`.
        count: Number of times that it happened.
        lost: Number of paintings and pages that were given up because of it. With the others a
            retry helped, or the problem did no harm.
        examples: A few of the paintings and pages with details, lost ones first.
    """

    kind: str
    count: int
    lost: int
    examples: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """The report of a scrape.

    Attributes:
        folder: The folder of the images and the metadata.
        stored: Number of stored images, including those of earlier runs.
        new: Number of images that this run stored.
        listings: The numbers of each genre, style and artist that was read.
        problems: The numbers of each kind of problem.
        stopped: Why the scrape ended early, or None.
    """

    folder: str
    stored: int
    new: int
    listings: tuple[ListingReport, ...]
    problems: tuple[ProblemReport, ...]
    stopped: str | None

    @property
    def is_complete(self) -> bool:
        """Whether the scrape was not stopped and lost no page."""
        return self.stopped is None and not any(listing.lost_pages for listing in self.listings)

    def text(self) -> str:
        """Returns the report as tables for a terminal."""
        parts = [_listings_table(self.listings)]
        if self.problems:
            parts.append(_problems_table(self.problems))
        for listing in self.listings:
            if listing.is_read and listing.total is not None and listing.total > listing.found:
                parts.append(
                    f"{listing.name}: the site says {listing.total:,} but lists {listing.found:,}\n"
                )
        parts.append(f"{self.new:,} new images, {self.stored:,} in all, in {self.folder}\n")
        return "".join(parts)


def make_report(state: State, folder: Path, stopped: str | None = None) -> Report:
    """Returns the report of a state's run so far."""
    counts = {row["listing"]: row for row in state.rows(_PER_LISTING)}
    refused = _by_listing(state, _REFUSED, unsafe=UNSAFE_ID, unknown=UNKNOWN_ENTRY)
    lost_pages = _by_listing(state, _LOST_PAGES)
    listings = []
    for row in state.rows("SELECT * FROM listings WHERE run = :run ORDER BY rowid"):
        name = row["listing"]
        count = counts.get(name) or {"found": 0, "new": 0, "skipped": 0, "failed": 0}
        new, skipped, failed = (int(count[key]) for key in ("new", "skipped", "failed"))
        failed += refused.get(name, 0)
        found = count["found"] + refused.get(name, 0)
        listings.append(
            ListingReport(
                name=name,
                found=found,
                new=new,
                skipped=skipped,
                failed=failed,
                left=found - new - skipped - failed,
                total=row["total"],
                is_read=row["end"] is not None and name not in lost_pages,
                lost_pages=lost_pages.get(name, 0),
            )
        )
    return Report(
        folder=str(folder),
        stored=len(state.ids("stored")),
        new=state.rows("SELECT count(*) FROM paintings WHERE status='stored' AND run = :run")[0][0],
        listings=tuple(listings),
        problems=_problems(state),
        stopped=stopped,
    )


def _by_listing(state: State, query: str, **parameters: str) -> dict[str, int]:
    return {row[0]: row[1] for row in state.rows(query, **parameters)}


def _problems(state: State) -> tuple[ProblemReport, ...]:
    kinds = state.rows(
        "SELECT kind, sum(count) AS count, sum(lost) AS lost FROM faults WHERE run = :run "
        "GROUP BY kind ORDER BY kind"
    )
    return tuple(
        ProblemReport(row["kind"], row["count"], row["lost"], _examples(state, row["kind"]))
        for row in kinds
    )


def _examples(state: State, kind: str, count: int = 3) -> tuple[str, ...]:
    rows = state.rows(
        "SELECT subject, detail FROM faults WHERE run = :run AND kind = :kind "
        "ORDER BY lost DESC, rowid LIMIT :count",
        kind=kind,
        count=count,
    )
    return tuple(f"{row['subject']}: {row['detail']}".rstrip(": ") for row in rows)


def _listings_table(listings: Sequence[ListingReport]) -> str:
    table = _table("listing", "found", "new", "skipped", "failed", "left", "")
    artists = [row for row in listings if row.name.startswith("artist:")]
    are_summed = len(artists) > _MOST_ARTISTS
    for row in listings:
        if not (are_summed and row in artists):
            table.add_row(row.name, *map("{:,}".format, _counts(row)), _note(row.lost_pages))
    if are_summed:
        sums = map(sum, zip(*map(_counts, artists), strict=True))
        note = _note(sum(row.lost_pages for row in artists))
        table.add_row(f"{len(artists):,} artists", *map("{:,}".format, sums), note)
    return _printed(table)


def _note(lost_pages: int) -> str:
    return f"pages lost: {lost_pages}" if lost_pages else ""


def _counts(row: ListingReport) -> tuple[int, ...]:
    return row.found, row.new, row.skipped, row.failed, row.left


def _problems_table(problems: Sequence[ProblemReport]) -> str:
    table = _table("problem", "count", "lost", "for example")
    for row in problems:
        table.add_row(row.kind, f"{row.count:,}", f"{row.lost:,}", "\n".join(row.examples))
    return _printed(table)


def _table(*columns: str):  # noqa: ANN202
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    numbers = ("found", "new", "skipped", "failed", "left", "count", "lost")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    return table


def _printed(table) -> str:  # noqa: ANN001
    from rich.console import Console

    file = io.StringIO()
    # A fixed width, not the terminal's, because the tables are also written to files.
    Console(file=file, width=110, markup=False, highlight=False, emoji=False).print(table)
    return "".join(line.rstrip() + "\n" for line in file.getvalue().splitlines()) + "\n"
