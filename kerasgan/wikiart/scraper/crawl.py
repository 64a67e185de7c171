"""The process that crawls; `kerasgan.wikiart.scraper.scrape` starts it and listens to it.

Crawling needs a process of its own, because Scrapy's reactor can be started only once in a process,
and not beside the event loop of a notebook. The process reads its job as a line of JSON, and writes
lines of JSON: `progress` and, at the end, `report` or `error`. The line `stop` ends it after the
request under way. The end of its input, which comes when the other process is killed, ends it at
once.
"""

import contextlib
import json
import logging
import os
import sqlite3
import stat
import threading
from pathlib import Path
from typing import IO, Any

import msgspec
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable, remove_partial_files
from kerasgan.wikiart.scraper.database import explained
from kerasgan.wikiart.scraper.images import ImageStore, NotAnImage
from kerasgan.wikiart.scraper.job import Job, scrapy_settings
from kerasgan.wikiart.scraper.metadata import read_metadata, write_metadata
from kerasgan.wikiart.scraper.middlewares import spider_of
from kerasgan.wikiart.scraper.problems import NOT_AN_IMAGE, Problem
from kerasgan.wikiart.scraper.report import Report, make_report
from kerasgan.wikiart.scraper.site import Listing, Site
from kerasgan.wikiart.scraper.spider import PaintingSpider
from kerasgan.wikiart.scraper.state import State, command_name


def main() -> None:
    """Does the job that is given on standard input."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What libraries print must not come between the lines of JSON.
    os.dup2(2, 1)
    # Unbuffered: a thread that waits in a buffered read would crash the process at its end.
    commands = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115
    job = msgspec.json.decode(commands.readline(), type=Job)
    try:
        report = crawl(job, commands, output)
    except Exception as error:
        is_users = isinstance(error, UserError | OSError)
        text = str(error) if is_users else f"{type(error).__name__}: {error}"
        _write(output, "error", {"message": text, "is_users": is_users})
    else:
        _write(output, "report", msgspec.to_builtins(report))


def crawl(job: Job, commands: IO[bytes], output: IO[str]) -> Report:
    """Crawls until everything is fetched, the limit is reached, or the crawl is stopped.

    Args:
        job: What to do.
        commands: Where to read the line `stop`.
        output: Where to write the progress.

    Raises:
        UserError: The folder cannot be written to, another process scrapes into it, or something
            in it is a link.
    """
    folder = Path(job.folder)
    scratch = folder / ".scrape"
    _check_links(folder / "images", scratch)
    check_writable(scratch)
    metadata = folder / "metadata.jsonl"
    database = scratch / "state.sqlite"
    state = State(database)
    try:
        images = ImageStore(folder / "images", scratch, job.max_size)
        listings = [Listing.parse(name) for name in job.listings]
        state.begin(command_name(listings, job.with_artists), listings)
        recover(state, images, metadata, Site(job.base_url))
        write_metadata(state.records(), metadata)
        stopped = _run(job, state, images, commands, output, scratch / "scrapy.log")
        write_metadata(state.records(), metadata)
        if stopped is None:
            state.finish()
        return make_report(state, folder, stopped)
    except sqlite3.Error as error:
        raise explained(error, database) from error
    finally:
        state.close()


def recover(state: State, images: ImageStore, metadata: Path, site: Site) -> None:
    """Brings state, images and metadata into agreement.

    After a kill, an image may be written but not recorded. It is recorded now, unless it is
    damaged, as a power failure may leave it; then it is fetched again and replaced. Images that
    were removed are fetched again too. A state that was removed is restored from the metadata.

    Raises:
        UserError: There is no state, but a metadata file that no scrape wrote.
    """
    remove_partial_files(metadata.parent)
    if state.is_new and metadata.exists():
        state.restore(read_metadata(metadata))
    present = images.ids()
    state.set_status(state.ids("stored") - present, "pending")
    for row in state.rows("SELECT id, image FROM paintings WHERE status = 'pending'"):
        if row["id"] in present:
            _record(state, images, row["id"], row["image"], site)


def _record(state: State, images: ImageStore, painting: str, image: str, site: Site) -> None:
    try:
        address = site.image_url(image)
    except ValueError:
        # The crawl gives the painting up and reports it, like any other without an address.
        return
    try:
        state.store(painting, images.read(painting), address)
    except NotAnImage as error:
        state.add_problem(Problem(NOT_AN_IMAGE, painting, f"on the disk: {error}"))


def _check_links(images: Path, scratch: Path) -> None:
    """Checks that nothing is written through a link: the folder may be anybody's."""
    for path in (images, scratch):
        if path.is_symlink():
            raise UserError(f"{path} is a link: remove it, or give another folder")
    for path in scratch.iterdir() if scratch.is_dir() else ():
        # Another process may just have renamed it.
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(path.lstat().st_mode):
                raise UserError(f"{path} is no ordinary file: remove it")


def _run(
    job: Job,
    state: State,
    images: ImageStore,
    commands: IO[bytes],
    output: IO[str],
    log: Path,
) -> str | None:
    """Runs Scrapy, and returns why it ended early, or None if it did not."""
    # Otherwise a log that cannot be written causes a traceback for each of its lines.
    logging.raiseExceptions = False
    process = AsyncCrawlerProcess(scrapy_settings(job, log))
    crawler = process.create_crawler(PaintingSpider)
    errors: list[BaseException] = []

    def progress(stored: int, found: int) -> None:
        _write(output, "progress", {"stored": stored, "found": found})

    def fail(failure: Any) -> None:
        errors.append(failure.value)
        spider_of(crawler).stop("an error")

    crawler.signals.connect(fail, signals.spider_error)
    crawled = process.crawl(crawler, job=job, state=state, images=images, progress=progress)
    threading.Thread(target=_listen, args=[crawler, commands], daemon=True).start()
    process.start(install_signal_handlers=False)
    if errors:
        raise errors[0]
    error = crawled.exception()
    if error is not None:
        raise error
    return spider_of(crawler).stopped


def _listen(crawler: Crawler, commands: IO[bytes]) -> None:
    """Waits for the line `stop`, or for the end of the process that would send it."""
    from twisted.internet import reactor

    if commands.readline():
        reactor.callFromThread(lambda: spider_of(crawler).stop("interrupted"))
        commands.readline()
    # Ending at once does no harm: the state is complete at any moment.
    os._exit(1)


def _write(output: IO[str], kind: str, content: dict[str, Any]) -> None:
    output.write(json.dumps({"kind": kind, **content}) + "\n")
    output.flush()


if __name__ == "__main__":
    main()
