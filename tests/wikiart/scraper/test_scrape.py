"""The whole crawl, against a local server."""

import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.scrape import scrape
from tests.wikiart.fake_site import (
    busy,
    forbidden,
    html,
    jpeg,
    missing,
    painting_id,
    redirect,
    reset,
    truncated,
    unknown_json,
)


def ids(numbers):
    return {painting_id(number) for number in numbers}


def test_paintings_are_stored_once_with_all_their_labels(site, scraped, stored):
    for number in range(25):
        listings = ["genre/landscape"] + ["style/baroque"] * (number % 2) + ["artist/bosch"]
        site.add(number, *listings, year=None if number == 3 else "c.1890")
    asked = {"genres": ["landscape"], "styles": ["baroque"], "artists": ["Bosch"]}
    report = scraped(**asked, limit=5)
    assert len(stored()) == report.stored == report.new == 5
    assert report.is_complete

    site.add(25, "genre/landscape")
    report = scraped(**asked, contact="a@b.c")
    records = stored()
    assert set(records) == ids(range(26))
    # Nothing that the first call stored was fetched again.
    assert set(site.fetched().values()) == {1}
    for number in range(26):
        record = records[painting_id(number)]
        assert record["genres"] == ["landscape"]
        assert record["styles"] == ["baroque"] * (number % 2 and number < 25)
        assert record["title"] == f"Painting {number}"
        assert record["artist"] == f"Artist {number % 5}"
        assert record["year"] == {3: None, 25: "1825"}.get(number, "c.1890")
        assert (record["width"], record["height"]) == (24, 16)
        assert (
            record["source_url"] == f"{site.url}/images/artist-{number % 5}/painting-{number}.jpg"
        )
    found = {row.name: (row.found, row.new + row.skipped, row.left) for row in report.listings}
    assert found == {
        "genre:landscape": (26, 26, 0),
        "style:baroque": (12, 12, 0),
        "artist:bosch": (25, 25, 0),
    }
    assert (report.new, report.listings[0].skipped, report.problems) == (21, 5, ())
    assert {agent.endswith("(+a@b.c)") for agent in site.agents} == {True, False}


def test_faults_that_pass_are_counted_and_cost_nothing(site, scraped, stored, problems):
    paths = [site.add(number, "genre/portrait") for number in range(10)]
    site.faults = {
        paths[0]: [forbidden],
        # The first is not noticed: Twisted asks again by itself when a connection kept open ends.
        paths[1]: [reset, reset],
        paths[2]: [site.stall],
        paths[3]: [truncated],
        paths[4]: [html],
        paths[5]: [redirect("http://localhost:9/a.jpg")],
        # What redirects to another painting's image is still stored as itself.
        paths[6]: [redirect(site.url + paths[7])],
        paths[8]: [busy(1)],
        paths[9]: [busy(0, status=503)],
        "/en/paintings-by-genre/portrait": [html, unknown_json, truncated, forbidden],
    }
    report = scraped(genres=["portrait"], timeout=2)
    counted = problems(report)
    # A busy machine may be late more often.
    assert counted.pop("timed out")[0] >= 1
    assert counted == {
        "HTTP 403": (2, 0),
        "HTTP 429": (1, 0),
        "HTTP 503": (1, 0),
        "connection lost": (1, 0),
        "truncated": (2, 0),
        "not an image": (1, 0),
        "redirect off the site": (1, 0),
        "not JSON": (1, 0),
        "page not understood": (1, 0),
    }
    assert set(stored()) == ids(range(10))
    # Retry-After was obeyed.
    asked = [i for i, request in enumerate(site.requests) if request[2] == "asks_to_wait"]
    assert len(asked) == 2
    assert site.requests[asked[0] + 1][0] - site.requests[asked[0]][0] >= 1


def test_what_stays_faulty_is_lost_by_name_and_leaves_no_file(site, scraped, stored, problems):
    always = {
        "HTTP 403": [forbidden] * 99,
        "HTTP 404": [missing] * 99,
        "connection lost": [reset] * 99,
        "truncated": [truncated] * 99,
        "not an image": [html] * 99,
        "redirect off the site": [redirect("http://localhost:9/a.jpg")] * 99,
    }
    for number, queue in enumerate(always.values()):
        site.faults[site.add(number, "genre/portrait")] = queue
    site.add(10, "genre/portrait", image=jpeg(10)[:-40])
    addresses = [
        "http://localhost:9/a.jpg",
        "file:///etc/passwd",
        f"{site.url}/forbidden/a.jpg",
        "http://[a.jpg",
        "/a.jpg" + "x" * 9000,
        f"{site.url}/images/FRAME-600x480.jpg",
    ]
    for number, address in enumerate(addresses, start=20):
        site.add(number, "genre/portrait")
        site.listings["genre/portrait"][-1]["image"] = address
    hostile = ["../../evil", "a/b", "", ".", "a\0b", "CON", "x" * 10_000, "A" * 24, "é", None, {}]
    for number, key in enumerate(hostile, start=30):
        site.add(number, "genre/marina", id=key)
    titles = ["../../evil", "a\0b\nc\x1b[31md", "t" * 10_000, "\u202egpj.exe", "half \ud83c", ""]
    for number, title in enumerate(titles, start=50):
        site.add(number, "genre/marina", title=title)
    report = scraped(genres=["portrait", "marina"])

    records = stored()
    assert [records[key]["title"] for key in sorted(records)] == [
        "../../evil",
        "a b c [31md",
        "t" * 499 + "…",
        "gpj.exe",
        "half",
        "",
    ]
    lost = {kind: lost for kind, (_, lost) in problems(report).items()}
    assert lost == {
        **dict.fromkeys(always, 1),
        "not an image": 2,
        "image off the site": 2,
        "forbidden by robots.txt": 1,
        "bad image address": 2,
        "unsafe id": 9,
        "entry not understood": 2,
        "text cleaned": 0,
    }
    assert problems(report)["text cleaned"] == (4, 0)
    rows = [(row.found, row.new, row.skipped, row.failed) for row in report.listings]
    assert rows == [(13, 0, 1, 12), (17, 6, 0, 11)]
    assert report.text().replace("\n", "").isprintable()


def test_a_site_that_refuses_everything_is_left_in_peace(site, scraped):
    for number in range(12):
        site.faults[site.add(number, "genre/marina")] = [forbidden] * 99
    report = scraped(genres=["marina"])
    assert report.stopped == "the last 10 requests failed, at the end: HTTP 403"
    assert not report.is_complete


def test_pages_of_unknown_shape_are_errors_not_empty_listings(site, scraped, stored, problems):
    site.listings["genre/cityscape"] = []
    for number in range(30):
        site.add(number, "genre/marina", "genre/landscape")
    for number in range(30, 40):
        site.add(number, "genre/portrait")
    second = "/en/paintings-by-genre/marina?json=2&layout=new&page=2&resultType=masonry"
    site.faults[second] = [html] * 6
    site.faults["/en/paintings-by-genre/landscape"] = [unknown_json] * 6
    pages = site._page
    site._page = lambda path, number: pages(path, 1 if "portrait" in path else number)
    report = scraped(genres=["marina", "landscape", "cityscape", "portrait"], artists=["nobody"])
    assert problems(report) == {
        "not JSON": (6, 1),
        "page not understood": (6, 1),
        "empty listing": (1, 0),
        "no such listing": (1, 1),
        "page repeats earlier ones": (1, 0),
    }
    assert "artist:nobody page 1: check its name, 'nobody': HTTP 404 at" in report.text()
    assert not report.is_complete
    assert {row.name: (row.found, row.is_read, row.lost_pages) for row in report.listings} == {
        "genre:marina": (20, False, 1),
        "genre:landscape": (0, False, 1),
        "genre:cityscape": (0, True, 0),
        "genre:portrait": (10, True, 0),
        "artist:nobody": (0, False, 1),
    }
    assert len(stored()) == 30


def test_beyond_the_cap_the_artists_of_a_listing_are_read(site, scraped, stored):
    for number in range(20):
        site.add(number, "genre/marina", f"artist/artist-{number % 5}")
    # The site counts them, but shows none of them.
    site.listings["genre/marina"] += site.listings["genre/marina"][:1] * 60
    site.cap = 10
    report = scraped(genres=["marina"], with_artists=True)
    assert "genre:marina: the site says 80 but lists 10" in report.text()
    records = stored()
    assert set(records) == ids(range(20))
    assert [records[painting_id(number)]["genres"] for number in (9, 10)] == [["marina"], []]


def start(site, folder, **options):
    """Starts a scrape in a process of its own."""
    code = (
        "from kerasgan.wikiart.scraper.scrape import scrape\n"
        f"report = scrape({str(folder)!r}, base_url={site.url!r}, delay=0, **{options!r})\n"
        "print(report.stopped)"
    )
    command = [sys.executable, "-c", code]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=0
    )


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_after_an_interrupt_and_a_kill_it_goes_on_with_nothing_twice_and_nothing_lost(
    site, scraped, stored, tmp_path
):
    genres = ["marina", "landscape"]
    paths = [
        site.add(number, *[f"genre/{genre}" for genre in genres[: 1 + number % 2]])
        for number in range(30)
    ]
    faulty = [forbidden, truncated, html, busy(0)]
    for number, path in enumerate(paths[::5]):
        site.faults[path] = [faulty[number % len(faulty)]]

    reached, released = site.hold(paths[7])
    process = start(site, tmp_path / "out", genres=genres, progress=True)
    assert reached.wait(100)
    process.send_signal(signal.SIGINT)
    printed = ""
    while "Stopping after the request under way" not in printed:
        character = process.stderr.read(1)
        assert character, printed
        printed += character
    released.set()
    out, _ = process.communicate()
    assert (process.returncode, out) == (0, "interrupted\n")
    # Stopped gently, it finished what it had begun.
    assert set(stored()) == {painting_id(int(path[:-4].split("-")[-1])) for path in site.fetched()}
    assert 0 < len(stored()) < 30

    reached, released = site.hold(paths[23])
    process = start(site, tmp_path / "out", genres=genres)
    assert reached.wait(100)
    process.kill()
    process.communicate()
    released.set()
    report = scraped(genres=genres)
    records = stored()
    assert set(records) == ids(range(30))
    for number in range(30):
        assert records[painting_id(number)]["genres"] == sorted(genres[: 1 + number % 2])
    assert (report.is_complete, report.new) == (True, 30)
    # An answer under way at the kill may have to be asked for again.
    fetched = site.fetched("/images/") + site.fetched("/en/")
    assert sum(fetched.values()) - len(fetched) <= 1


@pytest.mark.skipif(os.name == "nt", reason="limits")
@pytest.mark.parametrize(
    ("largest", "side", "file"),
    [
        (0, 8, r"state\.sqlite: disk I/O error"),
        (4096, 8, r"state\.sqlite: disk I/O error"),
        # Half of the images.
        (180_000, 8, r"state\.sqlite: disk I/O error"),
        (300_000, 500, r"images/0+\.jpg: File too large"),
    ],
)
def test_a_limit_of_file_sizes_is_one_clear_line_and_costs_nothing(
    site, scraped, stored, largest, side, file
):
    noise = np.random.default_rng(0).integers(0, 256, (20, side, side, 3), np.uint8)
    for number, pixels in enumerate(noise):
        image = io.BytesIO()
        Image.fromarray(pixels).save(image, "JPEG", quality=98)
        site.add(number, "genre/marina", image=image.getvalue(), title="t" * 400)

    with pytest.raises(UserError, match=file) as refusal:
        scraped(genres=["marina"], largest=largest)
    assert "\n" not in str(refusal.value)
    assert len(site.fetched()) < 20

    assert scraped(genres=["marina"]).is_complete
    assert set(stored()) == ids(range(20))
    # Only an image that could not be written is fetched again.
    assert sum(site.fetched().values()) <= 21


@pytest.mark.parametrize("key", ["/abs/photo", "../../../x"])
def test_a_foreign_folder_cannot_write_outside(site, scraped, tmp_path, key):
    site.add(0, "genre/marina")
    site.images["/evil.jpg"] = jpeg(1)
    out = tmp_path / "out"
    scraped(genres=["marina"], limit=1)
    metadata = out / "metadata.jsonl"
    record = json.loads(metadata.read_text())
    evil = {**record, "id": key, "file_name": f"images/{key}.jpg", "source_url": "/evil.jpg"}

    # By its state, in which the painting waits for its image ...
    database = sqlite3.connect(out / ".scrape" / "state.sqlite")
    with database:
        database.execute(
            "UPDATE paintings SET id = ?, status = 'pending', image = '/evil.jpg'", [key]
        )
        database.execute("UPDATE labels SET painting = ?", [key])
    database.close()
    before = {path for path in tmp_path.rglob("*") if path.suffix == ".jpg"}
    with pytest.raises(UserError, match=re.escape(key[-8:])):
        scraped(genres=["marina"])
    # ... and by its metadata, of which a state is made.
    shutil.rmtree(out / ".scrape")
    metadata.write_text(json.dumps(evil) + "\n")
    with pytest.raises(UserError, match=r"line 1 of .*metadata\.jsonl\b"):
        scraped(genres=["marina"])
    assert {path for path in tmp_path.rglob("*") if path.suffix == ".jpg"} == before
    assert not (tmp_path.parent / "x.jpg").exists()


def test_an_error_before_the_first_request_is_not_taken_for_the_end(site, scraped, tmp_path):
    site.add(0, "genre/marina")
    scraped(genres=["marina"])
    (image,) = (tmp_path / "out" / "images").iterdir()
    image.unlink()
    database = sqlite3.connect(tmp_path / "out" / ".scrape" / "state.sqlite")
    with database:
        database.execute("UPDATE paintings SET image = x'00'")
    database.close()
    with pytest.raises(RuntimeError, match="TypeError"):
        scraped(genres=["marina"])


@pytest.mark.skipif(os.name == "nt", reason="links")
@pytest.mark.parametrize(
    "name", ["images", ".scrape", ".scrape/state.sqlite", ".scrape/scrapy.log"]
)
def test_links_out_of_the_folder_are_refused(site, scraped, tmp_path, name):
    target = tmp_path / "precious"
    target.mkdir()
    link = tmp_path / "out" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    with pytest.raises(UserError, match=re.escape(str(link))):
        scraped(genres=["marina"])
    assert not list(target.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "genres"),
        ({"genres": ["landscap"]}, "'landscap'.*landscape"),
        ({"styles": ["cubismo"]}, "'cubismo'.*cubism"),
        ({"artists": ["../.."]}, r"'\.\./\.\.'"),
        ({"artists": ["a"], "limit": 0}, "limit=0"),
        ({"artists": ["a"], "limit": 2.5}, "limit must be an integer .*limit=2.5"),
        ({"artists": ["a"], "max_size": -1}, "max_size=-1"),
        ({"artists": ["a"], "max_size": "200"}, "max_size='200'"),
        ({"artists": ["a"], "delay": "1"}, "delay='1'"),
        ({"artists": ["a"], "timeout": None}, "timeout=None"),
        ({"artists": ["a"], "timeout": 0}, "timeout=0"),
        ({"artists": ["a"], "delay": 0.5}, "delay=0.5"),
        ({"artists": ["a"], "contact": "a\nb"}, r"contact.*'a\\nb'"),
        ({"artists": ["a"], "base_url": "ftp://a"}, "base_url='ftp://a'"),
    ],
)
def test_bad_arguments_are_named_before_anything_is_made(tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        scrape(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
