"""Why a crawl drops a request that it could have sent."""

from scrapy.exceptions import IgnoreRequest


class OffSiteError(IgnoreRequest):
    """Raised for a request that would leave the site."""


class NoRobotsError(IgnoreRequest):
    """Raised for a request to a host whose robots.txt cannot be read."""


class StoppedError(IgnoreRequest):
    """Raised for a request that is not sent because the crawl is about to stop."""
