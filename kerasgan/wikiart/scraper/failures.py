"""Scrapy's exceptions in the words of the report."""

from scrapy import Request, exceptions
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionDone, ConnectionLost

from kerasgan.wikiart.scraper import faults
from kerasgan.wikiart.scraper.middlewares import NoRobotsError, OffSiteError

_KINDS = {
    exceptions.DownloadTimeoutError: faults.TIMEOUT,
    exceptions.ResponseDataLossError: faults.TRUNCATED,
    exceptions.DownloadCancelledError: faults.TOO_LARGE,
    exceptions.DownloadConnectionRefusedError: faults.NO_CONNECTION,
    exceptions.CannotResolveHostError: faults.NO_CONNECTION,
    exceptions.DownloadFailedError: faults.RESET,
    ConnectionLost: faults.RESET,
    ConnectionDone: faults.RESET,
    OffSiteError: faults.OFF_SITE,
    NoRobotsError: faults.NO_ROBOTS,
}


def kind_of(error: Exception) -> str:
    """Returns the name of what went wrong."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    for kind, name in _KINDS.items():
        if isinstance(error, kind):
            return name
    if isinstance(error, exceptions.IgnoreRequest):
        is_robots = "robots" in str(error)
        return faults.FORBIDDEN if is_robots else str(error)
    return type(error).__name__


def fault_of(request: Request, error: Exception) -> faults.Fault:
    """Returns what went wrong with a request for a painting or page."""
    kind = kind_of(error)
    if kind == faults.OFF_SITE and request.meta.get("redirect_urls"):
        kind = faults.REDIRECT_OFF_SITE
    detail = str(error) if kind == faults.NO_ROBOTS else request.url
    return faults.Fault(kind, request.meta["subject"], detail[:200])
