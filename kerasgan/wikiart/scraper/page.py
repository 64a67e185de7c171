"""Reading a page of a listing; nothing else knows the shape of the site's JSON."""

import json
from dataclasses import dataclass
from typing import Any

from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.scraper.images import is_safe_id
from kerasgan.wikiart.scraper.problems import (
    CLEANED_TEXT,
    NOT_JSON,
    UNKNOWN_ENTRY,
    UNKNOWN_SHAPE,
    UNSAFE_ID,
    Problem,
)

_PLACEHOLDER = "FRAME-600x480"


class PageError(Exception):
    """Raised for a page, or an entry, of an unknown shape; `kind` is its name in the report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Entry:
    """A painting as a page of a listing describes it.

    Attributes:
        id: The painting's id, which is safe as the name of a file.
        title: The title on one line, or "".
        artist: The artist's name on one line, or "".
        artist_slug: The artist's name in the site's addresses, or "".
        year: The year as the site writes it (`"1916"`, `"c.1890"`), or None.
        image: The address of the image as the site writes it.
    """

    id: str
    title: str
    artist: str
    artist_slug: str
    year: str | None
    image: str

    @property
    def is_placeholder(self) -> bool:
        """Whether the image is the one that the site shows for works that it may not show."""
        return _PLACEHOLDER in self.image


@dataclass(frozen=True)
class Page:
    """A page of a listing.

    Attributes:
        entries: The entries that can be used. A listing ends with a page without entries.
        problems: The problems of entries.
        total: The number of paintings that the site counts in the listing.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    total: int

    @property
    def is_empty(self) -> bool:
        """Whether the page has no entries, usable or not."""
        return not self.entries and not self.problems


def parse_page(body: bytes, name: str = "page") -> Page:
    """Reads the answer to a request for a page of a listing with `json=2`.

    An entry without id or image, or with an id that is no safe file name, is left out and reported
    as a problem. Titles, artists and years are cleaned of control characters.

    Args:
        body: The answer.
        name: The name of the page in the problems of its entries.

    Raises:
        PageError: It is no JSON, or JSON of another shape than a listing's page.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        start = clean_text(body[:200].decode("utf-8", errors="replace"), longest=60)
        raise PageError(NOT_JSON, f"the answer begins with {start!r}") from None
    if not isinstance(answer, dict) or "Paintings" not in answer:
        keys = ", ".join(map(str, answer)) if isinstance(answer, dict) else type(answer).__name__
        raise PageError(
            UNKNOWN_SHAPE,
            "expected an object with Paintings and AllPaintingsCount, "
            f"received {clean_text(keys, longest=100) or 'an empty one'}",
        )
    entries = [] if answer["Paintings"] is None else answer["Paintings"]
    total = answer.get("AllPaintingsCount")
    if not isinstance(entries, list):
        kind = type(entries).__name__
        raise PageError(UNKNOWN_SHAPE, f"expected Paintings to be a list, received {kind}")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        found = clean_text(repr(total), longest=40)
        raise PageError(
            UNKNOWN_SHAPE, f"expected AllPaintingsCount to be a count, received {found}"
        )
    return _page(entries, total, name)


def _page(raw_entries: list[Any], total: int, name: str) -> Page:
    entries = []
    problems = []
    for number, raw in enumerate(raw_entries, start=1):
        try:
            entry = _entry(raw)
        except PageError as error:
            subject = f"{name}, entry {number}"
            problems.append(Problem(error.kind, subject, str(error), is_lost=True))
            continue
        entries.append(entry)
        if any(_differs(raw.get(key), text) for key, text in _texts(entry).items()):
            problems.append(Problem(CLEANED_TEXT, entry.id, f"now {entry.title[:60]!r}"))
    if raw_entries and not entries and all(each.kind == UNKNOWN_ENTRY for each in problems):
        raise PageError(
            UNKNOWN_SHAPE, f"none of its {len(raw_entries)} entries has an id and an image"
        )
    return Page(tuple(entries), tuple(problems), total)


def _entry(raw: Any) -> Entry:
    if not isinstance(raw, dict):
        raise PageError(UNKNOWN_ENTRY, f"expected an object, received {type(raw).__name__}")
    key, image = raw.get("id"), raw.get("image")
    if not isinstance(key, str | int) or isinstance(key, bool):
        raise PageError(UNKNOWN_ENTRY, "it has no id")
    if not isinstance(image, str) or not image:
        raise PageError(UNKNOWN_ENTRY, "it has no image")
    if not is_safe_id(str(key)):
        shown = clean_text(str(key)[:500], longest=60)
        raise PageError(UNSAFE_ID, f"{shown!r} cannot be the name of a file")
    return Entry(
        id=str(key),
        title=_text(raw.get("title")),
        artist=_text(raw.get("artistName")),
        artist_slug=_text(raw.get("artistUrl")).rstrip("/").rpartition("/")[2],
        year=_text(raw.get("year")) or None,
        image=image,
    )


def _text(value: Any) -> str:
    return clean_text(str(value)) if isinstance(value, str | int) else ""


def _texts(entry: Entry) -> dict[str, str]:
    return {"title": entry.title, "artistName": entry.artist, "year": entry.year or ""}


def _differs(value: Any, cleaned: str) -> bool:
    """Tells whether cleaning changed more than runs of spaces."""
    return isinstance(value, str) and " ".join(filter(None, value.split(" "))) != cleaned
