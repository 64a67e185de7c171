"""Scrapy middlewares for every request: it must stay on the site, and wait if the site says so."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from kerasgan.wikiart.scraper.dropped import OffSiteError, StoppedError

if TYPE_CHECKING:
    from kerasgan.wikiart.scraper.spider import PaintingSpider

_LONGEST_BACKOFF = 60.0
LONGEST_WAIT = 3600.0


def spider_of(crawler: Crawler) -> "PaintingSpider":
    """Returns the spider of a crawler, which Scrapy knows only as any spider."""
    return cast("PaintingSpider", crawler.spider)


class OnSite:
    """Refuses requests that would leave the site, and puts all others into one download slot.

    Scrapy's own filter lets retried requests pass, and the redirects that these lead to. Scrapy
    keeps its delay between the requests of a slot; with a single slot, the delay also holds for
    robots.txt and for the images of other hosts.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "OnSite":
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `OffSiteError` for an address that is not on the site."""
        if not spider_of(self._crawler).site.allows(request.url):
            raise OffSiteError(f"{request.url[:200]} is not on the site")
        request.meta["download_slot"] = "site"


class Patience(RetryMiddleware):
    """Doubles the wait before each retry, and waits as long as the server's `Retry-After` says.

    Any answer may have a `Retry-After`. If it says more than an hour, the crawl is stopped; it can
    be resumed later.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Patience":
        middleware = super().from_crawler(crawler)
        middleware._earliest = 0.0
        return middleware

    async def process_request(self, request: Request) -> None:
        """Waits until the request may be sent.

        Raises:
            StoppedError: The crawl was stopped meanwhile.
        """
        spider = spider_of(self.crawler)
        retries = request.meta.get("retry_times", 0)
        delay = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        backoff = min(_LONGEST_BACKOFF, delay * 2**retries) if retries else 0.0
        wait = max(backoff, self._earliest - time.monotonic())
        if wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(spider.stopping.wait(), wait)
        if spider.stopping.is_set():
            raise StoppedError("the crawl stops")

    def process_response(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, request: Request, response: Response
    ) -> Request | Response:
        wait = _retry_after(response)
        if wait > LONGEST_WAIT:
            spider_of(self.crawler).stop(f"the site asks to wait for {wait / 3600:.1f} hours")
            return response
        self._earliest = max(self._earliest, time.monotonic() + wait)
        if response.status >= 400:
            spider_of(self.crawler).count_problem(request, response.status)
        return super().process_response(request, response)

    def process_exception(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        spider_of(self.crawler).count_problem(request, exception)
        redirected = request.meta.get("redirect_urls")
        if isinstance(exception, OffSiteError) and redirected:
            # Login pages of some networks and some defences against crawlers redirect for a while.
            meta = {key: value for key, value in request.meta.items() if "redirect" not in key}
            return self._retry(request.replace(url=redirected[0], meta=meta), exception)
        return super().process_exception(request, exception)


def _retry_after(response: Response) -> float:
    """Returns the seconds to wait that an answer's `Retry-After`, a number or a date, says."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
