"""Scrapy's settings for this crawl."""

from pathlib import Path
from typing import Any

from kerasgan.wikiart.scraper.job import Job

RETRIES = 5
# To which a slow site's answering times raise the delay at most.
_LONGEST_DELAY = 60.0
_LARGEST_ANSWER = 256 * 2**20


def scrapy_settings(job: Job, log: Path) -> dict[str, Any]:
    """Returns the settings of a polite crawl: one request at a time, robots.txt obeyed.

    Args:
        job: What the crawl is to do.
        log: The file that Scrapy's log goes to; the last crawl's is overwritten.
    """
    return {
        "USER_AGENT": job.user_agent,
        "ROBOTSTXT_OBEY": True,
        # The product alone: a contact might contain another crawler's name.
        "ROBOTSTXT_USER_AGENT": "kerasgan",
        "COOKIES_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # One request at a time: while the server asks to wait, none is under way beside it.
        "CONCURRENT_REQUESTS": 1,
        "DOWNLOAD_DELAY": job.delay,
        # The delay is a promise: by default Scrapy halves it at random.
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": job.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(_LONGEST_DELAY, job.delay),
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "kerasgan.wikiart.scraper.throttle.Throttle": 0,
        },
        "DOWNLOAD_TIMEOUT": job.timeout,
        "DOWNLOAD_MAXSIZE": _LARGEST_ANSWER,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": RETRIES,
        # WikiArt throttles by 403 as well.
        "RETRY_HTTP_CODES": [403, 408, 429, 500, 502, 503, 504, 522, 524],
        "DOWNLOADER_MIDDLEWARES": {
            # Before the one that would fetch a foreign host's robots.txt.
            "kerasgan.wikiart.scraper.middlewares.OnSite": 60,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "kerasgan.wikiart.scraper.robots.Robots": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "kerasgan.wikiart.scraper.middlewares.Patience": 550,
        },
        # It takes the retries of answers that came as something else for copied requests.
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None
        },
        "METAREFRESH_ENABLED": False,
        # The state asks for each painting and page once. Requests that these two drop are gone
        # without a word, and would be missing from the report.
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "URLLENGTH_LIMIT": 0,
        # Addresses come from outside: no files, no FTP.
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_FILE": str(log),
        "LOG_FILE_APPEND": False,
        "LOG_LEVEL": "INFO",
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    }
