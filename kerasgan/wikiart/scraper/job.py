"""The order for one crawl, which one process sends to another, and Scrapy's settings for it."""

from pathlib import Path
from typing import Any

import msgspec

_RETRIES = 5
# The longest delay in seconds that a slow site's answering times lead to.
_LONGEST_DELAY = 60.0
_LARGEST_ANSWER = 256 * 2**20


class Job(msgspec.Struct, frozen=True):
    """The arguments of `kerasgan.wikiart.scrape`, checked, for the process that crawls.

    Attributes:
        folder: The folder to write into.
        listings: The listings, each as `kind:slug`.
        with_artists: Whether to also read the artists in listings that the site does not list
            completely.
        limit: The number of paintings after which to stop, or None for all.
        delay: Shortest time between two requests in seconds.
        timeout: Longest time for one answer in seconds.
        max_size: Longest side of a stored image in pixels, or None for any.
        base_url: The address of the site.
        user_agent: The name by which the crawler introduces itself.
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


def scrapy_settings(job: Job, log: Path) -> dict[str, Any]:
    """Returns the settings of a polite crawl: one request at a time, robots.txt obeyed.

    Args:
        job: What the crawl is to do.
        log: The file for Scrapy's log; that of the last crawl is overwritten.
    """
    return {
        "USER_AGENT": job.user_agent,
        "ROBOTSTXT_OBEY": True,
        # Only the product: a contact might contain another crawler's name.
        "ROBOTSTXT_USER_AGENT": "kerasgan",
        "COOKIES_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # One request at a time: when the server asks to wait, no other is under way.
        "CONCURRENT_REQUESTS": 1,
        "DOWNLOAD_DELAY": job.delay,
        # The delay is a promise, but by default Scrapy varies it at random.
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": job.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(_LONGEST_DELAY, job.delay),
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "kerasgan.wikiart.scraper.robots.Throttle": 0,
        },
        "DOWNLOAD_TIMEOUT": job.timeout,
        "DOWNLOAD_MAXSIZE": _LARGEST_ANSWER,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": _RETRIES,
        # WikiArt also answers 403 to slow crawlers down.
        "RETRY_HTTP_CODES": [403, 408, 429, 500, 502, 503, 504, 522, 524],
        "DOWNLOADER_MIDDLEWARES": {
            # Comes before the middleware that would fetch a foreign host's robots.txt.
            "kerasgan.wikiart.scraper.middlewares.OnSite": 60,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "kerasgan.wikiart.scraper.robots.Robots": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "kerasgan.wikiart.scraper.middlewares.Patience": 550,
        },
        # This one mistakes the retries of unexpected answers for copied requests.
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None
        },
        "METAREFRESH_ENABLED": False,
        # The state requests each painting and page once. These two would drop requests silently,
        # and the report would lack them.
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "URLLENGTH_LIMIT": 0,
        # Addresses come from the site: no files and no FTP.
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_FILE": str(log),
        "LOG_FILE_APPEND": False,
        "LOG_LEVEL": "INFO",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    }
