"""What can go wrong with a painting or a page, in the words of the report."""

from dataclasses import dataclass

NOT_JSON = "not JSON"
UNKNOWN_SHAPE = "page not understood"
UNKNOWN_ENTRY = "entry not understood"
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
class Fault:
    """One thing that went wrong.

    Attributes:
        kind: One of the names above, or `"HTTP 403"` and the like.
        subject: What it happened to: the id of a painting, or a page of a listing.
        detail: A few words more.
        is_lost: Whether the painting or page is given up for this run.
    """

    kind: str
    subject: str
    detail: str = ""
    is_lost: bool = False
