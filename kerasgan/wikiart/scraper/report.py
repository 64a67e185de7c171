"""What a scrape did."""

import io
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kerasgan.wikiart.scraper.faults import UNKNOWN_ENTRY, UNSAFE_ID
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
# Entries that are no paintings in the state.
_REFUSED = """
SELECT listing, sum(count) FROM faults
WHERE run = :run AND kind IN (:unsafe, :unknown) GROUP BY listing
"""
# Of a long list of artists only the sum is shown.
_MOST_ARTISTS = 10


class ListingReport(msgspec.Struct, frozen=True):
    """What became of the paintings of a listing.

    Attributes:
        name: `"genre:landscape"` and the like.
        found: How many it lists, as far as it was read; the rest of the numbers add up to it.
        new: Stored by this run: the command, however often it was stopped and started again.
        skipped: Stored by an earlier run, or without an image.
        failed: Refused, or given up after all retries.
        left: Not tried: the scrape was stopped, or reached its limit.
        total: How many the site says that it has, or None if no page could be read.
        is_read: Whether it was read to its end, which a limit or a stop prevents.
        lost_pages: How many of its pages could not be read.
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


class FaultReport(msgspec.Struct, frozen=True):
    """What went wrong in one way.

    Attributes:
        kind: Its name, of `kerasgan.wikiart.scraper.faults`.
        count: How often it happened.
        lost: How many paintings and pages were given up for it; for the rest a retry helped, or it
            did no harm.
        examples: A few of the paintings and pages, each with a few words more; lost ones first.
    """

    kind: str
    count: int
    lost: int
    examples: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """What a scrape did.

    Attributes:
        folder: Where the images and the metadata are.
        stored: How many images there are, those of earlier runs included.
        new: How many of them this run stored.
        listings: One for each genre, style and artist that was read.
        faults: One for each kind of thing that went wrong.
        stopped: Why it ended before its end, or None.
    """

    folder: str
    stored: int
    new: int
    listings: tuple[ListingReport, ...]
    faults: tuple[FaultReport, ...]
    stopped: str | None

    @property
    def is_complete(self) -> bool:
        """Whether it was not stopped and lost no page."""
        return self.stopped is None and not any(listing.lost_pages for listing in self.listings)

    def text(self) -> str:
        """Returns the report as tables for a terminal."""
        parts = [_listings_table(self.listings)]
        if self.faults:
            parts.append(_faults_table(self.faults))
        for listing in self.listings:
            if listing.is_read and listing.total > listing.found:
                parts.append(
                    f"{listing.name}: the site says {listing.total:,} but lists {listing.found:,}\n"
                )
        parts.append(f"{self.new:,} new images, {self.stored:,} in all, in {self.folder}\n")
        return "".join(parts)


def make_report(state: State, folder: Path, stopped: str | None = None) -> Report:
    """Returns the report of a state's run so far."""
    counts = {row["listing"]: row for row in state.rows(_PER_LISTING)}
    refused = dict(state.rows(_REFUSED, unsafe=UNSAFE_ID, unknown=UNKNOWN_ENTRY))
    lost_pages = dict(
        state.rows("SELECT listing, count(*) FROM pages WHERE run = :run AND lost GROUP BY listing")
    )
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
        faults=_faults(state),
        stopped=stopped,
    )


def _faults(state: State) -> tuple[FaultReport, ...]:
    kinds = state.rows(
        "SELECT kind, sum(count) AS count, sum(lost) AS lost FROM faults WHERE run = :run "
        "GROUP BY kind ORDER BY kind"
    )
    return tuple(
        FaultReport(row["kind"], row["count"], row["lost"], _examples(state, row["kind"]))
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
    return _drawn(table)


def _note(lost_pages: int) -> str:
    return f"pages lost: {lost_pages}" if lost_pages else ""


def _counts(row: ListingReport) -> tuple[int, ...]:
    return row.found, row.new, row.skipped, row.failed, row.left


def _faults_table(faults: Sequence[FaultReport]) -> str:
    table = _table("fault", "count", "lost", "for example")
    for row in faults:
        table.add_row(row.kind, f"{row.count:,}", f"{row.lost:,}", "\n".join(row.examples))
    return _drawn(table)


def _table(*columns: str):  # noqa: ANN202
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    numbers = ("found", "new", "skipped", "failed", "left", "count", "lost")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    return table


def _drawn(table) -> str:  # noqa: ANN001
    from rich.console import Console

    file = io.StringIO()
    # Not the terminal's width: what the tables say is also read from files.
    Console(file=file, width=110, markup=False, highlight=False, emoji=False).print(table)
    return "".join(line.rstrip() + "\n" for line in file.getvalue().splitlines()) + "\n"
