"""What one crawl is to do, as one process tells another."""

import msgspec


class Job(msgspec.Struct, frozen=True):
    """What a crawl is to do; the arguments of `kerasgan.wikiart.scraper.scrape.scrape`, checked.

    Attributes:
        folder: Where everything goes.
        listings: Each as `kind:slug`.
        with_artists: Whether to read the artists of listings that the site cuts short, too.
        limit: How many paintings of the listings are enough, or None for all.
        delay: Shortest time between two requests in seconds.
        timeout: Longest time for one answer in seconds.
        max_size: Longest side of a stored image in pixels, or None for any.
        base_url: The site.
        user_agent: How the crawler names itself.
    """

    folder: str
    listings: tuple[str, ...]
    with_artists: bool
    limit: int | None
    delay: float
    timeout: float
    max_size: int | None
    base_url: str
    user_agent: str
