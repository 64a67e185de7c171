"""Scraping WikiArt into a folder of images with metadata."""

import contextlib
import importlib.util
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from tqdm import tqdm

from kerasgan.argument_checks import whole_number
from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable
from kerasgan.files.user_path import user_path
from kerasgan.version import __version__
from kerasgan.wikiart.scraper.job import Job
from kerasgan.wikiart.scraper.report import Report
from kerasgan.wikiart.scraper.site import WIKIART, Site, choose_listings

_SHORTEST_DELAY = 1.0


def scrape(
    folder: str | Path,
    *,
    genres: str | Iterable[str] = (),
    styles: str | Iterable[str] = (),
    artists: str | Iterable[str] = (),
    with_artists: bool = False,
    limit: int | None = None,
    max_size: int | None = None,
    delay: float = _SHORTEST_DELAY,
    timeout: float = 60.0,
    contact: str | None = None,
    base_url: str = WIKIART,
    progress: bool = False,
) -> Report:
    """Fetches paintings with their genres and styles, and resumes where an earlier call stopped.

    It writes `folder/images/<id>.jpg` and `folder/metadata.jsonl`, which `datasets.load_dataset(
    "imagefolder", data_dir=folder)` of Hugging Face reads. A line of the metadata has `file_name`,
    `id`, `title`, `artist`, `year` (text or null), `genres` and `styles` (lists), `width` and
    `height` (of the file), `source_url`, `sha256` (of the file) and `fetched_at` (UTC). A painting
    that is in several listings is fetched once and gets the labels of all of them.

    The state is kept in `folder/.scrape`. A call that was stopped, by Ctrl-C or by any kill,
    resumes when it is repeated: it does not read a page or fetch an image a second time. A call
    after a finished one reads the listings again, to find paintings that the site has added, and
    retries what was lost; it does not fetch stored images again either.

    The site lists at most about 3,600 paintings of a genre or style. It shows the others only by
    artist, without genre and style: pass the names as `artists`, or `with_artists=True` for all.

    Args:
        folder: The folder to write into; it is created if necessary.
        genres: One slug of `kerasgan.wikiart.GENRES` or several, or `"all"`.
        styles: One slug of `kerasgan.wikiart.STYLES` or several, or `"all"`.
        artists: One name or slug of an artist or several.
        with_artists: Whether to also read all paintings of the artists in a genre or style that
            the site does not list completely.
        limit: Stop when this many of the requested paintings are stored, earlier ones included.
        max_size: Scale larger images down so that their longer side has this many pixels. JPEG
            files that are not larger are stored as the site has them.
        delay: Seconds between two requests, at least 1 for WikiArt itself. The delay grows with the
            site's answering times, and with the `Crawl-delay` of its robots.txt.
        timeout: Seconds after which an answer is given up.
        contact: An e-mail or web address by which the site's operators can reach you.
        base_url: A mirror or test server; images are then taken from its host only.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: Scrapy is not installed, nothing or something unknown was requested, a number is
            out of range, or the folder cannot be written to or is in use.
    """
    if importlib.util.find_spec("scrapy") is None:
        raise UserError("Scraping needs Scrapy: pip install 'kerasgan[wikiart]'")
    chosen = choose_listings(genres, styles, artists)
    if limit is not None:
        limit = whole_number("limit", limit, least=1)
    if max_size is not None:
        max_size = whole_number("max_size", max_size, least=1)
    site = Site(base_url)
    shortest = _SHORTEST_DELAY if site.is_wikiart else 0.0
    if not (isinstance(delay, int | float) and shortest <= delay < float("inf")):
        raise UserError(f"delay must be at least {shortest:g} seconds. Received: delay={delay!r}")
    if not (isinstance(timeout, int | float) and 0 < timeout < float("inf")):
        raise UserError(f"timeout must be positive, in seconds. Received: timeout={timeout!r}")
    user_agent = _user_agent(contact)
    job = Job(
        folder=str(check_writable(user_path(folder)).absolute()),
        listings=tuple(map(str, chosen)),
        with_artists=with_artists,
        limit=limit,
        delay=delay,
        timeout=timeout,
        max_size=max_size,
        base_url=base_url,
        user_agent=user_agent,
    )
    with _crawler(job) as process:
        report = _follow(process, limit, progress)
    # The folder as the user wrote it, not its absolute path.
    return msgspec.structs.replace(report, folder=str(folder))


def _user_agent(contact: str | None) -> str:
    if contact is not None and not (contact.isascii() and contact.isprintable() and contact):
        raise UserError(
            f"contact must be one line of ASCII, such as an e-mail address. Received: {contact!r}"
        )
    return f"kerasgan/{__version__}" + (f" (+{contact})" if contact else "")


@contextlib.contextmanager
def _crawler(job: Job) -> Iterator[subprocess.Popen]:
    """Starts the process that crawls, and ends it with the block."""
    package = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "kerasgan.wikiart.scraper.crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        # Ctrl-C reaches this process only, which passes it on.
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        _send(process, msgspec.json.encode(job).decode())
        yield process
    finally:
        # A kill does no harm, whatever happened: the state is complete at any moment.
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _follow(process: subprocess.Popen, limit: int | None, progress: bool) -> Report:
    """Shows the progress of the crawling process, and returns its report."""
    assert process.stdout is not None
    with (
        tqdm(desc="paintings", unit="", disable=not progress) as bar,
        _gentle_interrupt(process, bar),
    ):
        for line in _lines(process.stdout):
            event = json.loads(line)
            match event.pop("kind"):
                case "progress":
                    stored, found = event["stored"], event["found"]
                    if bar.total is None:
                        bar.initial = stored
                    bar.total = found if limit is None else min(found, limit)
                    bar.n = stored
                    bar.refresh()
                case "report":
                    return msgspec.convert(event, Report)
                case "error" if event["is_users"]:
                    raise UserError(event["message"])
                case "error":
                    raise RuntimeError(event["message"])
    raise RuntimeError(
        f"The crawling process ended early, with code {process.wait()}; repeat the call to resume"
    )


def _lines(stream: IO[str]) -> Iterator[str]:
    """Yields the lines of a stream, and lets Python see a Ctrl-C while it waits for them.

    A signal that comes just before a read begins is seen only when the read ends, which may be
    after a minute.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(ValueError):  # It may be closed once nobody waits any more.
            for line in stream:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line


@contextlib.contextmanager
def _gentle_interrupt(process: subprocess.Popen, bar: tqdm) -> Iterator[None]:
    """Makes the first Ctrl-C stop the crawl after the request under way, a second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask_to_stop(*_: Any) -> None:
        signal.signal(signal.SIGINT, previous)
        _send(process, "stop")
        if not bar.disable:
            message = "Stopping after the request under way; Ctrl-C again stops at once."
            bar.write(message, file=sys.stderr)

    previous = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _send(process: subprocess.Popen, line: str) -> None:
    assert process.stdin is not None
    # If the process is gone, its output says why.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(line + "\n")
        process.stdin.flush()
