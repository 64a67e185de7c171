import contextlib
import hashlib
import json
import os
from types import SimpleNamespace

import msgspec
import pytest

from kerasgan.wikiart.scraper.scrape import scrape
from tests.fork_server import fork_server
from tests.wikiart.fake_site import FakeSite


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with FakeSite() as site:
        yield site


@pytest.fixture(scope="module")
def crawling():
    """Gives the processes that crawl, which have imported Scrapy already."""
    with fork_server("tests.wikiart.forked_crawl") as context:
        yield context


@pytest.fixture
def scraped(site, tmp_path, crawling, monkeypatch):
    """Scrapes the site without delay and returns the report.

    The process that crawls can write no file that is larger than `largest` bytes.
    """

    def call(*, largest=None, **options):
        @contextlib.contextmanager
        def crawler(job):
            with _crawler(crawling, job, largest) as process:
                yield process

        monkeypatch.setattr("kerasgan.wikiart.scraper.scrape._crawler", crawler)
        return scrape(tmp_path / "out", **{"base_url": site.url, "delay": 0.0, **options})

    return call


@contextlib.contextmanager
def _crawler(context, job, largest):
    """As that of the scraper, but its process is forked instead of started."""
    commands, stdin = context.Pipe(duplex=False)
    stdout, output = context.Pipe(duplex=False)
    # Here, because it imports Scrapy.
    from tests.wikiart.forked_crawl import forked_crawl

    process = context.Process(
        target=forked_crawl, args=(commands, output, dict(os.environ), largest)
    )
    process.start()
    commands.close()
    output.close()
    with (
        os.fdopen(os.dup(stdin.fileno()), "w", encoding="utf-8") as to,
        os.fdopen(os.dup(stdout.fileno()), encoding="utf-8") as answers,
    ):
        stdin.close()
        stdout.close()

        def wait():
            process.join()
            return process.exitcode

        try:
            to.write(msgspec.json.encode(job).decode() + "\n")
            to.flush()
            yield SimpleNamespace(stdin=to, stdout=answers, wait=wait)
        finally:
            process.kill()
            process.join()
            process.close()


@pytest.fixture
def stored(site, tmp_path):
    """Reads what was stored, by id; asserts that no file is bad, torn, doubled or left over."""

    def read(folder=tmp_path / "out"):
        lines = (folder / "metadata.jsonl").read_text(encoding="utf-8").split("\n")
        assert lines.pop() == ""
        records = [json.loads(line) for line in lines]
        served = {hashlib.sha256(image).hexdigest() for image in site.images.values()}
        for record in records:
            content = (folder / record["file_name"]).read_bytes()
            assert record["sha256"] == hashlib.sha256(content).hexdigest()
            assert record["sha256"] in served
            assert next(iter(record)) == "file_name"
        names = [record["file_name"] for record in records]
        assert sorted(names) == sorted(f"images/{path.name}" for path in folder.glob("images/*"))
        assert len(set(names)) == len(names)
        return {record["id"]: record for record in records}

    return read


@pytest.fixture
def problems():
    """The problems of a report, as kind: (count, lost)."""

    def read(report):
        return {each.kind: (each.count, each.lost) for each in report.problems}

    return read
