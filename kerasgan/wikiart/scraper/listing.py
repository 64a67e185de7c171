"""The site's listings of paintings, each of a genre, a style or an artist."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kerasgan.errors import UserError
from kerasgan.suggestions import did_you_mean

GENRES = (
    "abstract",
    "animal-painting",
    "cityscape",
    "figurative",
    "flower-painting",
    "genre-painting",
    "landscape",
    "marina",
    "mythological-painting",
    "nude-painting-nu",
    "portrait",
    "religious-painting",
    "still-life",
    "symbolic-painting",
)
"""The fourteen genres of GANGogh (https://github.com/rkjones4/GANGogh)."""

STYLES = (
    "abstract-expressionism",
    "action-painting",
    "analytical-cubism",
    "art-nouveau-modern",
    "baroque",
    "color-field-painting",
    "contemporary-realism",
    "cubism",
    "early-renaissance",
    "expressionism",
    "fauvism",
    "high-renaissance",
    "impressionism",
    "mannerism-late-renaissance",
    "minimalism",
    "naive-art-primitivism",
    "new-realism",
    "northern-renaissance",
    "pointillism",
    "pop-art",
    "post-impressionism",
    "realism",
    "rococo",
    "romanticism",
    "symbolism",
    "synthetic-cubism",
    "ukiyo-e",
)
"""The 27 styles of the "WikiArt Dataset" of ArtGAN (https://github.com/cs-chan/ArtGAN)."""


@dataclass(frozen=True)
class Listing:
    """A listing of paintings; its slug is a label of all paintings in it.

    Attributes:
        kind: `"genre"`, `"style"` or `"artist"`.
        slug: The name in the site's addresses, such as `"still-life"`.
    """

    kind: str
    slug: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"

    @classmethod
    def parse(cls, text: str) -> "Listing":
        """Returns the listing that is written `kind:slug`, as `str` writes it."""
        kind, _, slug = text.partition(":")
        return cls(kind, slug)


def choose_listings(
    genres: Iterable[str], styles: Iterable[str], artists: Iterable[str]
) -> tuple[Listing, ...]:
    """Returns the requested listings, each once, in the order genres, styles, artists.

    Args:
        genres: Slugs of `GENRES`, or `"all"` for all of them.
        styles: Slugs of `STYLES`, or `"all"` for all of them.
        artists: Slugs (`"claude-monet"`) or names (`"Claude Monet"`) of any artists.

    Raises:
        UserError: Nothing was requested, or something that is no such genre, style or artist.
    """
    chosen = [Listing("genre", slug) for slug in _known("genre", genres, GENRES)]
    chosen += [Listing("style", slug) for slug in _known("style", styles, STYLES)]
    chosen += [Listing("artist", _artist_slug(name)) for name in artists]
    if not chosen:
        raise UserError(
            "Nothing to scrape: pass genres, styles or artists; kerasgan.wikiart.GENRES and STYLES "
            "are the known ones"
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
    """Returns a name as the site writes it in addresses: lower case, without accents, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(plain.replace(".", " ").split())
    if not slug.strip("-") or not slug.replace("-", "").replace("'", "").isalnum():
        raise UserError(
            "An artist must be a name or the last part of the artist's address, such as "
            f"claude-monet. Received: {name[:80]!r}"
        )
    return slug
