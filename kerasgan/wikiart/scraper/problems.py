"""The problems that a crawl can meet with a painting or a page, by their names in the report."""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy import Request

NOT_JSON = "not JSON"
UNKNOWN_SHAPE = "page not understood"
UNKNOWN_ENTRY = "entry not understood"
NO_LISTING = "no such listing"
EMPTY_LISTING = "empty listing"
REPEATED_PAGE = "page repeats earlier ones"
UNSAFE_ID = "unsafe id"
CLEANED_TEXT = "text cleaned"
BAD_ADDRESS = "bad image address"
OFF_SITE = "image off the site"
REDIRECT_OFF_SITE = "redirect off the site"
FORBIDDEN = "forbidden by robots.txt"
NO_ROBOTS = "robots.txt cannot be read"
NOT_AN_IMAGE = "not an image"
TOO_LARGE = "too large"
TRUNCATED = "truncated"
TIMEOUT = "timed out"
RESET = "connection lost"
NO_CONNECTION = "no connection"


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong.

    Attributes:
        kind: One of the names above, or a status such as `"HTTP 403"`.
        subject: The painting (its id) or the page of a listing that it happened to.
        detail: A few words more, or "".
        is_lost: Whether this run gives up the painting or page.
    """

    kind: str
    subject: str
    detail: str = ""
    is_lost: bool = False


def problem_of(request: "Request", error: BaseException | int) -> Problem:
    """Returns the problem that an exception of Scrapy means, or the status of an answer."""
    kind = f"HTTP {error}" if isinstance(error, int) else kind_of(error)
    if kind == "HTTP 404" and request.cb_kwargs.get("number") == 1:
        detail = f"check its name, {request.cb_kwargs['listing'].slug!r}: {kind} at {request.url}"
        return Problem(NO_LISTING, request.meta["subject"], detail[:200])
    if kind == OFF_SITE and request.meta.get("redirect_urls"):
        kind = REDIRECT_OFF_SITE
    detail = str(error) if kind == NO_ROBOTS else request.url
    return Problem(kind, request.meta["subject"], detail[:200])


def kind_of(error: BaseException) -> str:
    """Returns the name of the problem that an exception of Scrapy means."""
    from scrapy.exceptions import IgnoreRequest
    from scrapy.spidermiddlewares.httperror import HttpError

    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    for kind, name in _kinds().items():
        if isinstance(error, kind):
            return name
    if isinstance(error, IgnoreRequest):
        return FORBIDDEN if "robots" in str(error) else str(error)
    return type(error).__name__


@functools.cache
def _kinds() -> dict[type[Exception], str]:
    # Imported here because the process that shows the report needs no Scrapy.
    from scrapy import exceptions
    from twisted.internet.error import ConnectionDone, ConnectionLost

    from kerasgan.wikiart.scraper.dropped import NoRobotsError, OffSiteError

    return {
        exceptions.DownloadTimeoutError: TIMEOUT,
        exceptions.ResponseDataLossError: TRUNCATED,
        exceptions.DownloadCancelledError: TOO_LARGE,
        exceptions.DownloadConnectionRefusedError: NO_CONNECTION,
        exceptions.CannotResolveHostError: NO_CONNECTION,
        exceptions.DownloadFailedError: RESET,
        ConnectionLost: RESET,
        ConnectionDone: RESET,
        OffSiteError: OFF_SITE,
        NoRobotsError: NO_ROBOTS,
    }
