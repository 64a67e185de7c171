"""What a scrape knows, and how it is put right."""

import re
import sqlite3

import pytest

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.crawl import recover
from kerasgan.wikiart.scraper.database import explained, open_database
from kerasgan.wikiart.scraper.images import ImageStore, StoredImage
from kerasgan.wikiart.scraper.metadata import read_metadata, write_metadata
from kerasgan.wikiart.scraper.page import Entry, Page
from kerasgan.wikiart.scraper.report import make_report
from kerasgan.wikiart.scraper.site import Listing, Site
from kerasgan.wikiart.scraper.state import State
from tests.wikiart.fake_site import jpeg

MARINA, PORTRAIT = Listing("genre", "marina"), Listing("genre", "portrait")
STORED = StoredImage(24, 16, "0" * 64)


def page(*keys, total=100):
    paintings = [Entry(key, "T", "A", "a", None, f"/{key}.jpg!Large.jpg") for key in keys]
    return Page(tuple(paintings), (), total)


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path / "state.sqlite")
    state.begin("a", [MARINA, PORTRAIT])
    yield state
    state.close()


@pytest.fixture
def images(tmp_path):
    (tmp_path / ".scrape").mkdir()
    return ImageStore(tmp_path / "images", tmp_path / ".scrape")


def test_listings_are_read_side_by_side_to_their_ends(state):
    read = []
    while (following := state.pages.next_page()) is not None:
        read.append(following)
        listing, number = following
        state.add_page(listing, number, page(f"{len(read):x}"))
        if number == (2 if listing == MARINA else 3):
            state.pages.end_listing(listing, number)
    assert read == [(MARINA, 1), (PORTRAIT, 1), (MARINA, 2), (PORTRAIT, 2), (PORTRAIT, 3)]


def test_lost_pages_are_passed_over_until_the_run_is_taken_up_again(state):
    state.pages.end_listing(PORTRAIT, 1)
    state.add_page(MARINA, 1, page("1"))
    state.pages.lose_page(MARINA, 2)
    assert state.pages.next_page() == (MARINA, 3)
    state.pages.lose_page(MARINA, 3)
    assert state.pages.next_page() is None
    state.begin("a", [MARINA, PORTRAIT])
    assert state.pages.next_page() == (MARINA, 2)


def test_a_finished_run_is_followed_by_a_new_one_and_another_command_is_another_run(state):
    state.add_page(MARINA, 1, page("1"))
    state.begin("b", [MARINA])
    assert state.pages.next_page() == (MARINA, 1)
    state.finish()
    state.begin("a", [MARINA, PORTRAIT])
    assert state.pages.next_page() == (PORTRAIT, 1)
    state.finish()
    state.begin("a", [MARINA, PORTRAIT])
    assert state.pages.next_page() == (MARINA, 1)


def test_only_paintings_of_the_runs_listings_are_to_be_fetched(state):
    state.add_page(MARINA, 1, page("1", "2"))
    state.begin("b", [PORTRAIT])
    assert state.next_painting() is None
    state.add_page(PORTRAIT, 1, page("2"))
    assert state.next_painting()["id"] == "2"
    assert state.counts() == (0, 1)


def test_an_image_that_was_written_but_not_recorded_is_recorded(state, images, tmp_path):
    state.add_page(MARINA, 1, page("1", "2"))
    stored = images.store("1", jpeg(1))
    (tmp_path / ".scrape" / "partial.jpg").write_bytes(b"half")
    recover(state, images, tmp_path / "metadata.jsonl", Site())
    write_metadata(state.records(), tmp_path / "metadata.jsonl")
    (record,) = read_metadata(tmp_path / "metadata.jsonl")
    assert record.sha256 == stored.sha256
    assert record.source_url == "https://www.wikiart.org/1.jpg"
    assert state.next_painting()["id"] == "2"
    assert make_report(state, tmp_path).new == 1


def test_removed_images_are_to_be_fetched_again(state, images, tmp_path):
    state.add_page(MARINA, 1, page("1"))
    state.store("1", STORED, "https://x/1.jpg")
    recover(state, images, tmp_path / "metadata.jsonl", Site())
    assert state.next_painting()["id"] == "1"


def test_a_removed_state_is_made_anew_of_the_metadata(state, images, tmp_path):
    state.add_page(MARINA, 1, page("1"))
    state.add_page(PORTRAIT, 1, page("1"))
    state.store("1", images.store("1", jpeg(1)), "https://x/1.jpg")
    metadata = tmp_path / "metadata.jsonl"
    write_metadata(state.records(), metadata)
    records = read_metadata(metadata)
    assert records[0].genres == ["marina", "portrait"]
    other = State(tmp_path / "other.sqlite")
    recover(other, images, metadata, Site())
    write_metadata(other.records(), metadata)
    other.close()
    assert read_metadata(metadata) == records


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"file_name": "a.jpg"}', '{"file_name": "images/1.jpg", "id": "1"}']
)
def test_a_foreign_metadata_file_is_refused(state, images, tmp_path, line):
    (tmp_path / "metadata.jsonl").write_text(line + "\n")
    with pytest.raises(UserError, match=r"line 1 of .*metadata\.jsonl\b"):
        recover(state, images, tmp_path / "metadata.jsonl", Site())


def test_a_state_in_use_or_foreign_or_newer_is_refused(state, tmp_path):
    with pytest.raises(UserError, match="Another process"):
        open_database(tmp_path / "state.sqlite", patience=0)
    (tmp_path / "text.sqlite").write_text("no database" * 100)
    with pytest.raises(UserError, match=r"text\.sqlite"):
        open_database(tmp_path / "text.sqlite")
    newer = open_database(tmp_path / "newer.sqlite")
    newer.execute("PRAGMA user_version = 9")
    newer.close()
    with pytest.raises(UserError, match="version 9"):
        open_database(tmp_path / "newer.sqlite")


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, jpeg(1)[:-40]], ids=["empty", "zeros", "cut"]
)
def test_a_damaged_image_that_was_not_recorded_is_fetched_again(state, images, tmp_path, content):
    state.add_page(MARINA, 1, page("1"))
    images.path("1").write_bytes(content)
    for _ in range(2):
        recover(state, images, tmp_path / "metadata.jsonl", Site())
        assert state.next_painting()["id"] == "1"
    (problem,) = make_report(state, tmp_path).problems
    assert (problem.kind, problem.lost) == ("not an image", 0)
    assert "on the disk" in problem.examples[0]
    stored = images.store("1", jpeg(1))
    assert images.read("1") == stored


def test_an_image_whose_painting_has_no_address_does_not_block_the_folder(state, images, tmp_path):
    paintings = (Entry("1", "T", "A", "a", None, "http://[a.jpg"),)
    state.add_page(MARINA, 1, Page(paintings, (), 1))
    images.store("1", jpeg(1))
    recover(state, images, tmp_path / "metadata.jsonl", Site())
    assert state.next_painting()["id"] == "1"


def test_a_full_disk_is_said_and_what_was_recorded_stays(state, tmp_path):
    state.add_page(MARINA, 1, page("1"))
    pages = state.rows("PRAGMA page_count")[0][0]
    state.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError) as raised:
        state.add_page(MARINA, 2, page(*(f"{number:024x}" for number in range(1000))))
    error = explained(raised.value, tmp_path / "state.sqlite")
    assert isinstance(error, UserError)
    assert re.match(r"Cannot write .*state\.sqlite: database or disk is full", str(error))
    assert state.ids("pending") == {"1"}
    assert state.pages.next_page() == (PORTRAIT, 1)


def test_a_damaged_state_is_named(state, tmp_path):
    state.close()
    path = tmp_path / "state.sqlite"
    content = path.read_bytes()
    # All but the page that tells what the file is.
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(UserError, match=r"state\.sqlite"):
        State(path)


def test_a_damaged_index_is_named_and_nothing_fetched_for_ever(state, tmp_path):
    key = "5" * 24
    state.add_page(MARINA, 1, page(key))
    state.close()
    path = tmp_path / "state.sqlite"
    content = path.read_bytes()
    # The id stands in the table, in the index of its own, and twice with its label.
    places = [match.start() for match in re.finditer(b"(?<!/)" + key.encode(), content)]
    assert len(places) == 4
    for start in places:
        path.write_bytes(content[:start] + b"4" + content[start + 1 :])
        with pytest.raises(UserError, match=r"\.sqlite"):
            State(path).begin("a", [MARINA])


def test_errors_of_the_program_are_not_the_users(tmp_path):
    error = sqlite3.ProgrammingError("closed")
    assert explained(error, tmp_path) is error
