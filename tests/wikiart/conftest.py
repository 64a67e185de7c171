import hashlib
import json

import pytest

from kerasgan.wikiart.scraper.scrape import scrape
from tests.wikiart.fake_site import FakeSite


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with FakeSite() as site:
        yield site


@pytest.fixture
def scraped(site, tmp_path):
    """Scrapes the site without delay and returns the report."""

    def call(**options):
        return scrape(tmp_path / "out", **{"base_url": site.url, "delay": 0.0, **options})

    return call


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
