"""The site: its listings of paintings, and the addresses of its pages and images."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from kerasgan.errors import UserError, did_you_mean
from kerasgan.one_or_more import one_or_more

WIKIART = "https://www.wikiart.org"

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_ADDRESS = 2000

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
    genres: str | Iterable[str], styles: str | Iterable[str], artists: str | Iterable[str]
) -> tuple[Listing, ...]:
    """Returns the requested listings, each once, in the order genres, styles, artists.

    Args:
        genres: One slug of `GENRES` or several, or `"all"` for all of them.
        styles: One slug of `STYLES` or several, or `"all"` for all of them.
        artists: One slug (`"claude-monet"`) or name (`"Claude Monet"`) or several, of any artists.

    Raises:
        UserError: Nothing was requested, or something that is no such genre, style or artist.
    """
    chosen = [Listing("genre", slug) for slug in _known("genre", genres, GENRES)]
    chosen += [Listing("style", slug) for slug in _known("style", styles, STYLES)]
    chosen += [Listing("artist", _artist_slug(name)) for name in one_or_more(artists)]
    if not chosen:
        raise UserError(
            "Nothing to scrape: pass genres, styles or artists; kerasgan.wikiart.GENRES and STYLES "
            "are the known ones"
        )
    return tuple(dict.fromkeys(chosen))


class Site:
    """WikiArt or a mirror of it: the addresses of its pages, and which addresses belong to it.

    Args:
        base_url: `http://` or `https://` and a host, possibly with a port and a path.

    Raises:
        UserError: `base_url` is no such address.
    """

    def __init__(self, base_url: str = WIKIART) -> None:
        try:
            parts = urlsplit(base_url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise UserError(
                f"The site's address must look like {WIKIART}. Received: base_url={base_url!r}"
            )
        self.base_url = base_url.rstrip("/")
        self.is_wikiart = parts.hostname in ("wikiart.org", "www.wikiart.org")
        self._domain = parts.hostname.removeprefix("www.")
        self._ports = {port} if port else set(_DEFAULT_PORTS.values())

    def allows(self, url: str) -> bool:
        """Tells whether an address belongs to the site: to its host or a subdomain of it."""
        try:
            parts = urlsplit(url)
            port = parts.port or _DEFAULT_PORTS[parts.scheme]
        except (KeyError, ValueError):
            return False
        host = parts.hostname or ""
        is_below = host == self._domain or host.endswith("." + self._domain)
        return is_below and port in self._ports

    def listing_url(self, listing: Listing, page: int | None = None) -> str:
        """Returns the address of a page of a listing as JSON; without `page`, that for readers.

        The query is the one that the site's own pages send when a reader scrolls down.
        """
        slug = quote(listing.slug, safe="'")
        path = {
            "genre": f"paintings-by-genre/{slug}",
            "style": f"paintings-by-style/{slug}",
            "artist": f"{slug}/mode/all-paintings",
        }[listing.kind]
        url = f"{self.base_url}/en/{path}"
        if page is None:
            return url
        query = {"json": 2, "layout": "new", "page": page, "resultType": "masonry"}
        return f"{url}?{urlencode(query)}"

    def image_url(self, image: str) -> str:
        """Returns the address of an image in its original size.

        The site marks smaller copies by a suffix: `a.jpg!Large.jpg` is a copy of `a.jpg`.

        Args:
            image: The address as the site writes it, which may be relative or of a copy.

        Raises:
            ValueError: It is no address, or too long for one.
        """
        scheme, host, path, _, _ = urlsplit(urljoin(self.base_url + "/", image))
        folder, slash, name = path.rpartition("/")
        url = urlunsplit((scheme, host, folder + slash + name.partition("!")[0], "", ""))
        if len(url) > _LONGEST_ADDRESS:
            raise ValueError(f"the address has {len(url)} characters")
        return url


def _known(kind: str, slugs: str | Iterable[str], known: tuple[str, ...]) -> list[str]:
    chosen = []
    for slug in one_or_more(slugs):
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
