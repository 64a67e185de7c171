"""The crawl: one request after another, each chosen by the state."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import scrapy
from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from twisted.python.failure import Failure

from kerasgan.wikiart.scraper.dropped import NoRobotsError, StoppedError
from kerasgan.wikiart.scraper.images import ImageStore, NotAnImage
from kerasgan.wikiart.scraper.job import Job
from kerasgan.wikiart.scraper.metadata import write_metadata
from kerasgan.wikiart.scraper.page import Page, PageError, parse_page
from kerasgan.wikiart.scraper.problems import (
    BAD_ADDRESS,
    EMPTY_LISTING,
    FORBIDDEN,
    NO_LISTING,
    NOT_AN_IMAGE,
    OFF_SITE,
    REDIRECT_OFF_SITE,
    REPEATED_PAGE,
    TOO_LARGE,
    Problem,
    problem_of,
)
from kerasgan.wikiart.scraper.site import Listing, Site
from kerasgan.wikiart.scraper.state import State

_SECONDS_BETWEEN_METADATA = 60.0
# After this many requests were given up in a row, the site seems not to want us now. Some problems
# do not count, because they do not suggest that.
_MOST_REFUSED = 10
_NO_REFUSALS = {NOT_AN_IMAGE, OFF_SITE, REDIRECT_OFF_SITE, FORBIDDEN, TOO_LARGE, NO_LISTING}
_NO_REFUSALS |= {"HTTP 404"}
# A listing that lacks less than a page of what the site counts is taken to be complete.
_PAGE_SIZE = 60


class PaintingSpider(scrapy.Spider):
    """Fetches the images that the state lacks, and reads the next page when it lacks none.

    There is always one request under way, and the state chooses the next one when it is done. So
    the state, which survives any kill, has everything: Scrapy's queue is empty.

    Images are ordinary requests here, because Scrapy's own ImagesPipeline writes in place, encodes
    every image again and remembers everything it ever fetched.

    Args:
        job: What to do.
        state: The state of the scrape.
        images: Where to store images.
        progress: Called with the number of stored paintings and of those that were found.

    Attributes:
        site: The site that the crawl must not leave.
        stopping: Set when the crawl must end early.
        stopped: Why the crawl must end early, or None.
    """

    name = "kerasgan-wikiart"

    def __init__(
        self, job: Job, state: State, images: ImageStore, progress: Callable[[int, int], None]
    ) -> None:
        super().__init__()
        self.site = Site(job.base_url)
        self.stopping = asyncio.Event()
        self.stopped: str | None = None
        self._job = job
        self._state = state
        self._images = images
        self._progress = progress
        self._stored, self._found = state.counts()
        self._refused_in_a_row = 0
        self._metadata_written = time.monotonic()

    def stop(self, reason: str) -> None:
        """Ends the crawl after the request under way."""
        if self.stopped is None:
            self.stopped = reason
            self.stopping.set()
            self._stop_task = asyncio.ensure_future(self.crawler.stop_async())

    def count_problem(self, request: Request, what: int | Exception) -> None:
        """Counts a wrong answer, by its status, or a failure, whether it is retried or not."""
        subject = request.meta.get("subject")
        # The request for robots.txt has no subject; it may well be missing.
        if subject is None or isinstance(what, StoppedError | sqlite3.Error):
            return
        self._state.add_problem(problem_of(request, what))

    async def start(self) -> AsyncIterator[Request]:
        self._progress(self._stored, self._found)
        for request in self._next():
            yield request

    def _next(self) -> Iterator[Request]:
        """Yields the next request, if there is one."""
        now = time.monotonic()
        if now - self._metadata_written > _SECONDS_BETWEEN_METADATA:
            write_metadata(self._state.records(), Path(self._job.folder) / "metadata.jsonl")
            self._metadata_written = now
        while not self._is_enough():
            painting = self._state.next_painting()
            if painting is None:
                break
            try:
                yield self._image_request(painting["id"], painting["image"])
            except ValueError as error:
                self._state.set_status([painting["id"]], "lost")
                problem = Problem(BAD_ADDRESS, painting["id"], str(error), is_lost=True)
                self._state.add_problem(problem)
            else:
                return
        page = None if self._is_enough() else self._state.pages.next_page()
        if page is not None:
            yield self._page_request(*page)

    def _is_enough(self) -> bool:
        is_full = self._job.limit is not None and self._stored >= self._job.limit
        return is_full or self.stopped is not None

    def _image_request(self, painting: str, image: str) -> Request:
        return Request(
            self.site.image_url(image),
            callback=self._store_image,
            errback=self._lose,
            cb_kwargs={"painting": painting},
            meta={"subject": painting},
        )

    def _page_request(self, listing: Listing, number: int) -> Request:
        return Request(
            self.site.listing_url(listing, number),
            headers={
                "Accept": "application/json",
                "X-Requested-With": "XMLHttpRequest",
                "Referer": self.site.listing_url(listing),
            },
            callback=self._read_page,
            errback=self._lose,
            cb_kwargs={"listing": listing, "number": number},
            meta={"subject": f"{listing} page {number}"},
        )

    def _store_image(self, response: Response, painting: str) -> Iterator[Request]:
        try:
            stored = self._images.store(painting, response.body)
        except NotAnImage as error:
            yield from self._retry(response, Problem(NOT_AN_IMAGE, painting, str(error)))
            return
        self._state.store(painting, stored, response.url)
        self._refused_in_a_row = 0
        self._stored += 1
        self._progress(self._stored, self._found)
        yield from self._next()

    def _read_page(self, response: Response, listing: Listing, number: int) -> Iterator[Request]:
        subject = f"{listing} page {number}"
        try:
            page = parse_page(response.body, subject)
            if number == 1 and page.is_empty and page.total:
                count = f"it has no paintings, but counts {page.total}"
                raise PageError(EMPTY_LISTING, count)
        except PageError as error:
            yield from self._retry(response, Problem(error.kind, subject, str(error)))
            return
        self._refused_in_a_row = 0
        self._take_page(listing, number, page)
        self._state.forgive(subject)
        self._stored, self._found = self._state.counts()
        self._progress(self._stored, self._found)
        yield from self._next()

    def _take_page(self, listing: Listing, number: int, page: Page) -> None:
        subject = f"{listing} page {number}"
        if number == 1 and page.is_empty:
            detail = "the site has no paintings in it"
            self._state.add_problem(Problem(EMPTY_LISTING, subject, detail))
        new = self._state.add_page(listing, number, page)
        if page.entries and not new:
            # Otherwise a site that answers every page number with its last page never ends.
            self._state.add_problem(Problem(REPEATED_PAGE, subject, "taken for the listing's end"))
        if page.is_empty or (page.entries and not new):
            self._state.pages.end_listing(listing, number)
            if self._job.with_artists and listing.kind != "artist":
                self._add_artists(listing, page.total)

    def _add_artists(self, listing: Listing, total: int) -> None:
        """Adds the artists in a listing that the site does not list completely to the run."""
        artists = self._state.rows(
            "SELECT artist_slug FROM paintings JOIN labels ON labels.painting = paintings.id "
            "WHERE labels.listing = :listing AND labels.run = :run",
            listing=str(listing),
        )
        if total - len(artists) >= _PAGE_SIZE:
            slugs = dict.fromkeys(row["artist_slug"] for row in artists if row["artist_slug"])
            self._state.pages.add(Listing("artist", slug) for slug in slugs)

    def _retry(self, response: Response, problem: Problem) -> Iterator[Request]:
        """Repeats a request whose answer was wrong, or gives it up."""
        self._state.add_problem(problem)
        request = response.request
        assert request is not None
        again = get_retry_request(request, spider=self, reason=problem.kind)
        if again is not None:
            yield again
        else:
            yield from self._give_up(request, problem)

    def _lose(self, failure: Failure) -> Iterator[Request]:
        """Gives up a request that failed after all retries."""
        # Scrapy adds the request to Twisted's failure.
        request: Request = failure.request  # pyright: ignore[reportAttributeAccessIssue]
        error = failure.value
        assert error is not None
        if isinstance(error, sqlite3.Error):
            # Not the site's error: the state could not be written.
            raise error
        # If the crawl stops, the next command tries it again.
        if self.stopped is not None:
            return
        if isinstance(error, NoRobotsError) and "listing" in request.cb_kwargs:
            # The host of the listings has nothing else to read.
            self.stop(str(error))
        else:
            yield from self._give_up(request, problem_of(request, error))

    def _give_up(self, request: Request, problem: Problem) -> Iterator[Request]:
        self._state.lose(problem)
        arguments = request.cb_kwargs
        if "painting" in arguments:
            self._state.set_status([arguments["painting"]], "lost")
        else:
            self._state.pages.lose_page(arguments["listing"], arguments["number"])
        self._refused_in_a_row += problem.kind not in _NO_REFUSALS
        if self._refused_in_a_row >= _MOST_REFUSED:
            self.stop(f"the last {_MOST_REFUSED} requests failed, at the end: {problem.kind}")
        yield from self._next()
