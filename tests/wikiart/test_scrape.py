"""The whole crawl, against a local server."""

import os
import signal
import subprocess
import sys
import time

import pytest

from kerasgan.errors import UserError
from kerasgan.wikiart.scrape import scrape
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
    report = scraped(genres=["landscape"], styles=["baroque"], artists=["Bosch"], contact="a@b.c")

    records = stored()
    assert set(records) == ids(range(25))
    assert set(site.fetched().values()) == {1}
    for number in range(25):
        record = records[painting_id(number)]
        assert record["genres"] == ["landscape"]
        assert record["styles"] == ["baroque"] * (number % 2)
        assert record["title"] == f"Painting {number}"
        assert record["artist"] == f"Artist {number % 5}"
        assert record["year"] == (None if number == 3 else "c.1890")
        assert (record["width"], record["height"]) == (24, 16)
        assert (
            record["source_url"] == f"{site.url}/images/artist-{number % 5}/painting-{number}.jpg"
        )
    found = {row.name: (row.found, row.new, row.left) for row in report.listings}
    assert found == {
        "genre:landscape": (25, 25, 0),
        "style:baroque": (12, 12, 0),
        "artist:bosch": (25, 25, 0),
    }
    assert report.is_complete
    assert not report.faults
    assert all(agent.endswith("(+a@b.c)") for agent in site.agents)


def test_a_second_scrape_finds_what_is_new_and_fetches_nothing_twice(site, scraped, stored):
    for number in range(12):
        site.add(number, "genre/marina")
    scraped(genres=["marina"])
    site.add(12, "genre/marina", "genre/landscape")
    site.listings["genre/landscape"] += site.listings["genre/marina"][:2]
    report = scraped(genres=["marina", "landscape"])

    assert (report.new, report.stored) == (1, 13)
    assert set(site.fetched().values()) == {1}
    records = stored()
    assert records[painting_id(12)]["genres"] == ["landscape", "marina"]
    assert records[painting_id(0)]["genres"] == ["landscape", "marina"]
    assert {row.name: row.skipped for row in report.listings} == {
        "genre:marina": 12,
        "genre:landscape": 2,
    }


def test_faults_that_pass_are_counted_and_cost_nothing(site, scraped, stored, faults):
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
        paths[9]: [busy(1, status=503)],
        "/en/paintings-by-genre/portrait": [html, unknown_json, truncated, forbidden],
    }
    report = scraped(genres=["portrait"])
    assert faults(report) == {
        "HTTP 403": (2, 0),
        "HTTP 429": (1, 0),
        "HTTP 503": (1, 0),
        "connection lost": (1, 0),
        "timed out": (1, 0),
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
    for index in asked:
        assert site.requests[index + 1][0] - site.requests[index][0] >= 1


def test_what_stays_faulty_is_lost_by_name_and_leaves_no_file(site, scraped, stored, faults):
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
    site.add(16, "genre/portrait")
    report = scraped(genres=["portrait"])

    assert set(stored()) == ids([16])
    lost = {kind: lost for kind, (_, lost) in faults(report).items()}
    assert lost == {
        **dict.fromkeys(always, 1),
        "not an image": 2,
        "image off the site": 2,
        "forbidden by robots.txt": 1,
        "bad image address": 2,
    }
    (row,) = report.listings
    assert (row.found, row.new, row.skipped, row.failed) == (14, 1, 1, 12)


def test_hostile_ids_and_titles_become_no_files_and_no_lines(site, scraped, stored, faults):
    hostile = ["../../evil", "a/b", "", ".", "a\0b", "CON", "x" * 10_000, "A" * 24, "é", None, {}]
    for number, key in enumerate(hostile):
        site.add(number, "genre/marina", id=key)
    titles = ["../../evil", "a\0b\nc\x1b[31md", "t" * 10_000, "\u202egpj.exe", "half \ud83c", ""]
    for number, title in enumerate(titles, start=20):
        site.add(number, "genre/marina", title=title)
    report = scraped(genres=["marina"])

    records = stored()
    assert [records[key]["title"] for key in sorted(records)] == [
        "../../evil",
        "a b c [31md",
        "t" * 499 + "…",
        "gpj.exe",
        "half",
        "",
    ]
    assert faults(report) == {
        "unsafe id": (9, 9),
        "entry not understood": (2, 2),
        "text cleaned": (4, 0),
    }
    assert "\x1b" not in report.text()
    (row,) = report.listings
    assert (row.found, row.new, row.failed) == (17, 6, 11)


def test_a_site_that_asks_for_hours_is_left_in_peace(site, scraped):
    site.faults[site.add(0, "genre/marina")] = [busy(7200)]
    report = scraped(genres=["marina"])
    assert report.stopped == "the site asks to wait for 2.0 hours"
    assert len(site.requests) == 3


def test_a_site_that_refuses_everything_is_left_in_peace(site, scraped):
    for number in range(40):
        site.faults[site.add(number, "genre/marina")] = [forbidden] * 99
    report = scraped(genres=["marina"])
    assert report.stopped == "the last 10 requests failed, at the end: HTTP 403"
    assert not report.is_complete


def test_pages_of_unknown_shape_are_errors_not_empty_listings(site, scraped, stored, faults):
    for number in range(30):
        site.add(number, "genre/marina", "genre/landscape")
    second = "/en/paintings-by-genre/marina?json=2&layout=new&page=2&resultType=masonry"
    site.faults[second] = [html] * 6
    site.faults["/en/paintings-by-genre/landscape"] = [unknown_json] * 6
    report = scraped(genres=["marina", "landscape"])
    assert faults(report) == {"not JSON": (6, 1), "page not understood": (6, 1)}
    assert not report.is_complete
    assert {row.name: (row.found, row.is_read, row.lost_pages) for row in report.listings} == {
        "genre:marina": (20, False, 1),
        "genre:landscape": (0, False, 1),
    }
    assert scraped(genres=["marina", "landscape"]).is_complete
    assert set(stored()) == ids(range(30))
    assert set(site.fetched().values()) == {1}


def test_listings_that_are_empty_unknown_or_endless_are_named(site, scraped, faults):
    site.listings["genre/marina"] = []
    for number in range(10):
        site.add(number, "genre/landscape")
    pages = site._page
    site._page = lambda path, number: pages(path, 1 if "landscape" in path else number)
    report = scraped(genres=["marina", "landscape"], artists=["nobody"])
    assert faults(report) == {
        "empty listing": (1, 0),
        "HTTP 404": (1, 1),
        "page repeats earlier ones": (1, 0),
    }
    assert {row.name: row.is_read for row in report.listings} == {
        "genre:marina": True,
        "genre:landscape": True,
        "artist:nobody": False,
    }
    assert len(site.fetched("/en/paintings-by-genre/landscape")) == 2


def test_beyond_the_cap_the_artists_of_a_listing_are_read(site, scraped, stored):
    for number in range(90):
        site.add(number, "genre/marina", f"artist/artist-{number % 5}")
    site.cap = 20
    report = scraped(genres=["marina"], with_artists=True)
    assert "genre:marina: the site says 90 but lists 20" in report.text()
    records = stored()
    assert set(records) == ids(range(90))
    assert [records[painting_id(number)]["genres"] for number in (19, 20)] == [["marina"], []]


def test_limit_counts_the_paintings_stored(site, scraped, stored):
    paths = [site.add(number, "genre/marina") for number in range(20)]
    site.faults[paths[1]] = [missing]
    report = scraped(genres=["marina"], limit=5)
    assert len(stored()) == report.stored == 5
    assert report.is_complete
    assert scraped(genres=["marina"], limit=12).new == 7
    assert len(stored()) == 12
    assert set(site.fetched().values()) == {1}


def start(site, folder, **options):
    """Starts a scrape in a process of its own."""
    options = {"genres": ["marina"], "delay": 0, "timeout": 1, "progress": True, **options}
    code = (
        "from kerasgan.wikiart.scrape import scrape\n"
        f"report = scrape({str(folder)!r}, base_url={site.url!r}, **{options!r})\n"
        "print(report.stopped)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(site, requests):
    while len(site.requests) < requests:
        time.sleep(0.005)


def test_after_a_kill_it_goes_on_with_nothing_twice_and_nothing_lost(
    site, scraped, stored, tmp_path
):
    for number in range(60):
        listings = [f"genre/{name}" for name in ("marina", "landscape")[: 1 + number % 2]]
        site.add(number, *listings)
    faulty = [forbidden, reset, truncated, html, busy(0)]
    for number in range(0, 60, 10):
        path = f"/images/artist-{number % 5}/painting-{number}.jpg"
        site.faults[path] = [faulty[number // 10 % len(faulty)]]
    options = {"genres": ["marina", "landscape"]}
    process = start(site, tmp_path / "out", **options)
    wait_for(site, 35)
    process.kill()
    process.communicate()
    report = scraped(**options)

    assert report.is_complete
    records = stored()
    assert set(records) == ids(range(60))
    assert all(
        records[painting_id(number)]["genres"] == sorted(("marina", "landscape")[: 1 + number % 2])
        for number in range(60)
    )
    # An answer that was under way at a kill may have to be asked for again.
    for start_of_path in ("/images/", "/en/"):
        fetched = site.fetched(start_of_path)
        assert sum(fetched.values()) - len(fetched) <= 1
    assert report.new == 60


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_interrupt_stops_gently_and_the_same_command_goes_on(site, scraped, stored, tmp_path):
    for number in range(30):
        site.add(number, "genre/marina")
    process = start(site, tmp_path / "out")
    wait_for(site, 12)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (0, "interrupted\n")
    assert "Stopping after the request under way" in err
    assert 0 < len(stored()) < 30
    assert scraped(genres=["marina"]).is_complete
    assert set(stored()) == ids(range(30))
    assert set(site.fetched().values()) == {1}
    assert set(site.fetched("/en/").values()) == {1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "--genre, --style or --artist"),
        ({"genres": ["landscap"]}, "no genre 'landscap'; did you mean landscape"),
        ({"styles": ["cubismo"]}, "no style 'cubismo'; did you mean"),
        ({"artists": ["../.."]}, "--artist must be a name"),
        ({"artists": ["a"], "limit": 0}, "limit must be positive"),
        ({"artists": ["a"], "max_size": -1}, "max_size must be positive"),
        ({"artists": ["a"], "timeout": 0}, "timeout must be positive"),
        ({"artists": ["a"], "delay": 0.5}, "delay must be at least 1 seconds"),
        ({"artists": ["a"], "contact": "a\nb"}, "contact must be one line"),
        ({"artists": ["a"], "base_url": "ftp://a"}, "must look like https://www.wikiart.org"),
    ],
)
def test_bad_arguments_are_named_before_anything_is_made(tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        scrape(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
