"""Obeying robots.txt: what may be fetched, and how often."""

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from kerasgan.wikiart.scraper.dropped import NoRobotsError, OffSiteError, StoppedError
from kerasgan.wikiart.scraper.middlewares import LONGEST_WAIT, spider_of
from kerasgan.wikiart.scraper.problems import REDIRECT_OFF_SITE, kind_of

# RFC 9309 wants a crawler to read at least this many bytes of a robots.txt.
_LARGEST = 500 * 1024
_KEPT_OUT = (401, 403, 429)


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, but if a host's robots.txt cannot be read, nothing there is fetched.

    Scrapy alone would fetch everything then. By section 2.3.1 of RFC 9309
    (https://www.rfc-editor.org/rfc/rfc9309), only an answer of 4xx allows that. After an error of
    the server or of the network, everything is forbidden. So it is here also after 401, 403 and
    429, by which a site keeps crawlers out rather than says that it has no rules, and after a
    redirect off the site, where this crawler does not go.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reasons: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Called by Scrapy with the rules of the request's host.

        Raises:
            NoRobotsError: The rules cannot be read.
            IgnoreRequest: The rules forbid the request.
        """
        host = urlparse_cached(request).netloc
        if host in self._reasons:
            raise NoRobotsError(
                f"robots.txt of {host[:80]} cannot be read ({self._reasons[host]}), so nothing may "
                "be fetched there"
            )
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if 400 <= response.status < 500 and response.status not in _KEPT_OUT:
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


class Throttle(AutoThrottle):
    """Scrapy's extension, which here also keeps the `Crawl-delay` of robots.txt if it is longer.

    The longest `Crawl-delay` of all hosts counts. If it is more than an hour, the crawl is stopped.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    def _robots_parsed(self, robotparser: RobotParser) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0.0
        if delay > LONGEST_WAIT:
            spider_of(self.crawler).stop(
                f"robots.txt asks for {delay / 3600:.1f} hours between pages"
            )
            return
        self.mindelay = max(self.mindelay, delay)
        self.maxdelay = max(self.maxdelay, self.mindelay)
        downloader = self.crawler.engine.downloader
        downloader._delay = max(downloader._delay, self.mindelay)
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, self.mindelay)


class _StatusError(Exception):
    """Raised for an answer that is neither a robots.txt nor a statement that there is none."""
