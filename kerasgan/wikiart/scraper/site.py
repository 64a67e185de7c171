"""The addresses of the site's pages and images."""

from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.listing import Listing

WIKIART = "https://www.wikiart.org"

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_ADDRESS = 2000


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
