"""Reading a `metadata.jsonl` that may have come from anywhere."""

import json
import os

import msgspec
import pytest

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.images import ImageStore
from kerasgan.wikiart.scraper.metadata import read_metadata

RECORD = {
    "file_name": "images/1.jpg",
    "id": "1",
    "title": "T",
    "artist": "A",
    "year": None,
    "genres": ["marina"],
    "styles": [],
    "width": 24,
    "height": 16,
    "source_url": "https://www.wikiart.org/1.jpg",
    "sha256": "0" * 64,
    "fetched_at": "2026-01-01T00:00:00+00:00",
}


def written(path, **changes):
    path.write_text(json.dumps({**RECORD, **changes}) + "\n", encoding="utf-8")
    return path


def test_a_record_is_read_as_it_was_written(tmp_path):
    (record,) = read_metadata(written(tmp_path / "metadata.jsonl"))
    assert msgspec.structs.asdict(record) == RECORD


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"id": key, "file_name": f"images/{key}.jpg"}
            for key in ("/abs/photo", "../../../x", "..", "", "a\0b", "CON", "A" * 24, "a" * 300)
        ),
        {"id": 1},
        {"file_name": "images/2.jpg"},
        {"file_name": "../images/1.jpg"},
        {"width": 10**20},
        {"width": 0},
        {"width": -1},
        {"width": 1e26},
        {"width": True},
        {"width": "24"},
        {"genres": "marina"},
        {"genres": [{}]},
        {"styles": None},
        {"title": None},
        {"title": "half \ud83c"},
        {"year": 1890},
        {"sha256": "0"},
    ],
    ids=str,
)
def test_a_metadata_file_with_other_ids_paths_or_types_is_refused(tmp_path, changes):
    path = written(tmp_path / "metadata.jsonl", **changes)
    with pytest.raises(UserError, match=r"line 1 of .*metadata\.jsonl\b") as raised:
        read_metadata(path)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < len(str(tmp_path)) + 350


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"\0" * 100,
        b"[" * 100_000,
        json.dumps(RECORD)[:-1].encode() + b', "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        json.dumps(RECORD).encode().replace(b"24", b"2" * 5000),
    ],
    ids=["not UTF-8", "NUL", "nested", "nested in a field", "5,000 digits"],
)
def test_bytes_that_are_no_record_are_refused(tmp_path, line):
    (tmp_path / "metadata.jsonl").write_bytes(line + b"\n")
    with pytest.raises(UserError, match=r"metadata\.jsonl"):
        read_metadata(tmp_path / "metadata.jsonl")


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_pipe_in_place_of_a_file_is_refused_or_passed_over(tmp_path):
    os.mkfifo(tmp_path / "metadata.jsonl")
    with pytest.raises(UserError, match=r"metadata\.jsonl"):
        read_metadata(tmp_path / "metadata.jsonl")
    images = ImageStore(tmp_path / "images", tmp_path)
    os.mkfifo(images.path("1"))
    assert images.ids() == set()


def test_text_of_a_metadata_file_is_cleaned_as_that_of_pages_is(tmp_path):
    path = written(tmp_path / "metadata.jsonl", title="a\0b\n\u202ec", year="18\x1b90")
    (record,) = read_metadata(path)
    assert (record.title, record.year) == ("a b c", "18 90")
