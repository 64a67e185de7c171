"""The process that crawls; `kerasgan.wikiart.scraper.scrape` starts it and listens to it.

A process of its own, because Scrapy's reactor cannot be started twice in one, nor beside the event
loop of a notebook. It reads its job as a line of JSON, and writes JSON lines: `progress` and, at
the end, `report` or `error`. The line `stop` ends it gently; the end of its input, as when the
other process was killed, at once.
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
from kerasgan.files import check_writable
from kerasgan.wikiart.scraper.database import explained
from kerasgan.wikiart.scraper.images import ImageFolder
from kerasgan.wikiart.scraper.job import Job
from kerasgan.wikiart.scraper.listing import Listing
from kerasgan.wikiart.scraper.metadata import write_metadata
from kerasgan.wikiart.scraper.recover import recover
from kerasgan.wikiart.scraper.report import Report, make_report
from kerasgan.wikiart.scraper.settings import scrapy_settings
from kerasgan.wikiart.scraper.site import Site
from kerasgan.wikiart.scraper.spider import PaintingSpider
from kerasgan.wikiart.scraper.state import State, command_name


def main() -> None:
    """Does the job that standard input gives."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library prints must not come between.
    os.dup2(2, 1)
    # Unbuffered: a thread that waits in a buffered read would bring down the process at its end.
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
    """Crawls until all is done, the limit is reached or it is stopped.

    Raises:
        UserError: The folder cannot be written to, another process scrapes into it, or something
            in it leads elsewhere.
    """
    folder = Path(job.folder)
    scratch = folder / ".scrape"
    _check_links(folder / "images", scratch)
    check_writable(scratch)
    metadata = folder / "metadata.jsonl"
    database = scratch / "state.sqlite"
    state = State(database)
    try:
        images = ImageFolder(folder / "images", scratch, job.max_size)
        listings = [Listing.parse(name) for name in job.listings]
        state.begin(command_name(listings, job.with_artists), listings)
        recover(state, images, metadata, Site(job.base_url))
        write_metadata(state, metadata)
        stopped = _run(job, state, images, commands, output, scratch / "scrapy.log")
        write_metadata(state, metadata)
        if stopped is None:
            state.finish()
        return make_report(state, folder, stopped)
    except sqlite3.Error as error:
        raise explained(error, database) from error
    finally:
        state.close()


def _check_links(images: Path, scratch: Path) -> None:
    """Checks that what is written to is in the folder, which may have come from anywhere."""
    for path in (images, scratch):
        if path.is_symlink():
            raise UserError(f"{path} is a link: remove it, or give another folder with --out")
    for path in scratch.iterdir() if scratch.is_dir() else ():
        # Another process may just have renamed it.
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(path.lstat().st_mode):
                raise UserError(f"{path} is no ordinary file: remove it")


def _run(
    job: Job,
    state: State,
    images: ImageFolder,
    commands: IO[bytes],
    output: IO[str],
    log: Path,
) -> str | None:
    """Runs Scrapy, and returns why it ended early or None."""
    # A log that cannot be written is no reason for a traceback at each of its lines.
    logging.raiseExceptions = False
    process = AsyncCrawlerProcess(scrapy_settings(job, log))
    crawler = process.create_crawler(PaintingSpider)
    errors: list[BaseException] = []

    def progress(stored: int, found: int) -> None:
        _write(output, "progress", {"stored": stored, "found": found})

    def fail(failure: Any) -> None:
        errors.append(failure.value)
        crawler.spider.stop("an error")

    crawler.signals.connect(fail, signals.spider_error)
    crawled = process.crawl(crawler, job=job, state=state, images=images, progress=progress)
    threading.Thread(target=_listen, args=[crawler, commands], daemon=True).start()
    process.start(install_signal_handlers=False)
    if errors:
        raise errors[0]
    if crawled.exception() is not None:
        raise crawled.exception()
    return crawler.spider.stopped


def _listen(crawler: Crawler, commands: IO[bytes]) -> None:
    """Waits for the word to stop, or for the end of the process that would say it."""
    from twisted.internet import reactor

    if commands.readline():
        reactor.callFromThread(lambda: crawler.spider.stop("interrupted"))
        commands.readline()
    # A kill does no harm.
    os._exit(1)


def _write(output: IO[str], kind: str, content: dict[str, Any]) -> None:
    output.write(json.dumps({"kind": kind, **content}) + "\n")
    output.flush()


if __name__ == "__main__":
    main()
