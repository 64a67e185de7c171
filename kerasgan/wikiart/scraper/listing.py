"""The site's listings: of a genre, of a style, of an artist."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kerasgan.errors import UserError
from kerasgan.suggestions import did_you_mean
from kerasgan.wikiart.scraper.slugs import GENRES, STYLES


@dataclass(frozen=True)
class Listing:
    """A listing of paintings, whose slug is a label of all paintings in it.

    Attributes:
        kind: `"genre"`, `"style"` or `"artist"`.
        slug: Its name in the site's addresses, such as `"still-life"`.
    """

    kind: str
    slug: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"

    @classmethod
    def parse(cls, text: str) -> "Listing":
        """Returns the listing that `str` gave as `kind:slug`."""
        kind, _, slug = text.partition(":")
        return cls(kind, slug)


def choose_listings(
    genres: Iterable[str], styles: Iterable[str], artists: Iterable[str]
) -> tuple[Listing, ...]:
    """Returns the listings asked for, each once, in the order genres, styles, artists.

    Args:
        genres: Of `GENRES`, or `"all"` for all of them.
        styles: Of `STYLES`, or `"all"`.
        artists: Slugs (`"claude-monet"`) or names (`"Claude Monet"`); any will do.

    Raises:
        UserError: Nothing was asked for, or something that is no such genre, style or slug.
    """
    chosen = [Listing("genre", slug) for slug in _known("genre", genres, GENRES)]
    chosen += [Listing("style", slug) for slug in _known("style", styles, STYLES)]
    chosen += [Listing("artist", _artist_slug(name)) for name in artists]
    if not chosen:
        raise UserError(
            "Say what to scrape: --genre, --style or --artist, each repeatable; "
            "--list shows the genres and styles"
        )
    return tuple(dict.fromkeys(chosen))


def _known(kind: str, slugs: Iterable[str], known: tuple[str, ...]) -> list[str]:
    chosen = []
    for slug in slugs:
        if slug == "all":
            chosen += known
        elif slug in known:
            chosen.append(slug)
        else:
            raise UserError(f"There is no {kind} {slug!r}{did_you_mean(slug, known)}")
    return chosen


def _artist_slug(name: str) -> str:
    """Returns a name as the site writes it in addresses: lower case, no accents, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(plain.replace(".", " ").split())
    if not slug.strip("-") or not slug.replace("-", "").replace("'", "").isalnum():
        raise UserError(
            "--artist must be a name or the last part of the artist's address, such as "
            f"claude-monet. Received: {name!r}"
        )
    return slug
