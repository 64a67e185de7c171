"""What robots.txt allows."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from kerasgan.wikiart.scraper.failures import kind_of
from kerasgan.wikiart.scraper.faults import REDIRECT_OFF_SITE
from kerasgan.wikiart.scraper.middlewares import NoRobotsError, OffSiteError, StoppedError

# What a crawler must read at least, by RFC 9309.
_LARGEST = 500 * 1024


class Robots(RobotsTxtMiddleware):
    """Scrapy's, which takes a host whose robots.txt cannot be read for one that allows all.

    By section 2.3.1 of RFC 9309 (https://www.rfc-editor.org/rfc/rfc9309) only an answer of 4xx
    means that. After an error of the server or of the network, nothing of the host may be fetched;
    nor here after a redirect off the site, where this crawler does not go.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reasons: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Called by Scrapy with the rules of the request's host.

        Raises:
            NoRobotsError: There are none to be had.
            IgnoreRequest: They forbid the request.
        """
        host = urlparse_cached(request).netloc
        if host in self._reasons:
            raise NoRobotsError(
                f"robots.txt of {host[:80]} cannot be read ({self._reasons[host]}), so nothing may "
                "be fetched there"
            )
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if 400 <= response.status < 500:
            response = response.replace(body=b"")
        elif not 200 <= response.status < 300:
            raise _StatusError(f"HTTP {response.status}")
        response = response.replace(body=response.body[:_LARGEST])
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, OffSiteError):
            self._reasons[netloc] = REDIRECT_OFF_SITE
        elif not isinstance(exc, StoppedError):
            self._reasons[netloc] = str(exc) if isinstance(exc, _StatusError) else kind_of(exc)
        super()._robots_error(exc, netloc)


class _StatusError(Exception):
    """An answer that is neither robots.txt nor a word that there is none."""
