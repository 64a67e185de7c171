"""What one page of a listing says: the only place that knows the shape of the site's JSON."""

import json
from dataclasses import dataclass
from typing import Any

from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.scraper.faults import (
    CLEANED_TEXT,
    NOT_JSON,
    UNKNOWN_ENTRY,
    UNKNOWN_SHAPE,
    UNSAFE_ID,
    Fault,
)
from kerasgan.wikiart.scraper.painting_id import is_safe_id

_PLACEHOLDER = "FRAME-600x480"


class PageError(Exception):
    """A page that is not what a listing's page looks like; `kind` is its name in the report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Painting:
    """An entry of a listing.

    Attributes:
        id: Safe as the name of a file.
        title: One line, possibly empty.
        artist: One line, possibly empty.
        artist_slug: The artist's name in addresses, or empty.
        year: As the site writes it (`"1916"`, `"c.1890"`), or None.
        image: The address of the image as the site gives it.
    """

    id: str
    title: str
    artist: str
    artist_slug: str
    year: str | None
    image: str

    @property
    def is_placeholder(self) -> bool:
        """Whether the image is the one the site shows for works that it may not show."""
        return _PLACEHOLDER in self.image


@dataclass(frozen=True)
class Page:
    """A page of a listing.

    Attributes:
        paintings: Those of its entries that can be used. A listing ends with a page of none.
        faults: What was wrong with entries.
        total: How many paintings the site says that the listing has.
    """

    paintings: tuple[Painting, ...]
    faults: tuple[Fault, ...]
    total: int

    @property
    def is_empty(self) -> bool:
        """Whether it has no entries, usable or not."""
        return not self.paintings and not self.faults


def parse_page(body: bytes, name: str = "page") -> Page:
    """Reads the answer to a request for a page of a listing with `json=2`.

    An entry with an id that is no safe file name, or without id or image, is left out and becomes a
    fault; titles, artists and years are cleaned of control characters.

    Args:
        body: The answer.
        name: What the page is called in the faults of its entries.

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


def _page(entries: list[Any], total: int, name: str) -> Page:
    paintings = []
    faults = []
    for number, entry in enumerate(entries, start=1):
        try:
            painting = _painting(entry)
        except PageError as error:
            subject = f"{name}, entry {number}"
            faults.append(Fault(error.kind, subject, str(error), is_lost=True))
            continue
        paintings.append(painting)
        if any(_differs(entry.get(key), text) for key, text in _texts(painting).items()):
            faults.append(Fault(CLEANED_TEXT, painting.id, f"now {painting.title[:60]!r}"))
    if entries and not paintings and all(fault.kind == UNKNOWN_ENTRY for fault in faults):
        raise PageError(UNKNOWN_SHAPE, f"none of its {len(entries)} entries has an id and an image")
    return Page(tuple(paintings), tuple(faults), total)


def _painting(entry: Any) -> Painting:
    if not isinstance(entry, dict):
        raise PageError(UNKNOWN_ENTRY, f"expected an object, received {type(entry).__name__}")
    key, image = entry.get("id"), entry.get("image")
    if not isinstance(key, str | int) or isinstance(key, bool):
        raise PageError(UNKNOWN_ENTRY, "it has no id")
    if not isinstance(image, str) or not image:
        raise PageError(UNKNOWN_ENTRY, "it has no image")
    if not is_safe_id(str(key)):
        shown = clean_text(str(key)[:500], longest=60)
        raise PageError(UNSAFE_ID, f"{shown!r} cannot be the name of a file")
    return Painting(
        id=str(key),
        title=_text(entry.get("title")),
        artist=_text(entry.get("artistName")),
        artist_slug=_text(entry.get("artistUrl")).rstrip("/").rpartition("/")[2],
        year=_text(entry.get("year")) or None,
        image=image,
    )


def _text(value: Any) -> str:
    return clean_text(str(value)) if isinstance(value, str | int) else ""


def _texts(painting: Painting) -> dict[str, str]:
    return {"title": painting.title, "artistName": painting.artist, "year": painting.year or ""}


def _differs(value: Any, cleaned: str) -> bool:
    """Tells whether cleaning changed more than runs of spaces."""
    return isinstance(value, str) and " ".join(filter(None, value.split(" "))) != cleaned
