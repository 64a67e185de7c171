import io
import re
import struct

import numpy as np
import pytest

from kerasgan.data.sources.gnt import BadRecord, read_gnt
from tests.gnt import gnt, pixels, record

FIRST, LAST = record("一", pixels(1)), record("丁", pixels(2))


def read(content):
    """The characters read, and the records that are bad."""
    found = list(read_gnt(io.BytesIO(content), "1001-c.gnt"))
    bad = [each for each in found if isinstance(each, BadRecord)]
    return "".join(each.character for each in found if each not in bad), bad


def test_records_are_read_as_they_are_specified():
    # By hand: the first character of GB2312, three pixels wide and two high.
    content = struct.pack("<IBBHH6B", 16, 0xB0, 0xA1, 3, 2, 255, 0, 255, 254, 1, 255)
    (sample,) = read_gnt(io.BytesIO(content), "1.gnt")
    assert sample.character == "啊"
    np.testing.assert_array_equal(sample.pixels, [[255, 0, 255], [254, 1, 255]])
    assert sample.pixels.dtype == np.uint8


def test_every_record_is_read_in_its_order():
    samples = list(read_gnt(io.BytesIO(gnt("一丁A七!。")), "1.gnt"))
    assert [sample.character for sample in samples] == ["一", "丁", "A", "七", "!", "。"]
    for number, sample in enumerate(samples):
        np.testing.assert_array_equal(sample.pixels, pixels(number))


def test_an_empty_file_has_no_record():
    assert read(b"") == ("", [])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("七", pixels(3)[:0]), "no pixels: it is 5 wide and 0 high"),
        (record("七", pixels(3)[:0, :0], size=10), "no pixels: it is 0 wide and 0 high"),
        (record("", pixels(3), tag=b"\xff\xff"), "tag code 0xffff is not a character"),
        (record("", pixels(3), tag=b"\0\0"), "tag code 0x0000 is not a character"),
        (record("", pixels(3), tag=b"\x07\0"), "tag code 0x0700 is not a character"),
        (record("", pixels(3), tag=b"AB"), "tag code 0x4142 is not a character"),
    ],
)
def test_a_bad_record_is_reported_and_those_around_it_are_read(bad, reason):
    characters, reported = read(FIRST + bad + LAST)
    assert characters == "一丁"
    (only,) = reported
    assert (only.file, only.offset) == ("1001-c.gnt", len(FIRST))
    assert re.search(reason, only.reason)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("七", pixels(3), size=46), "46.*5x7.*45"),
        (record("七", pixels(3), size=0), "size is 0"),
        (record("七", pixels(3), size=2**32 - 1), "4294967295"),
        (record("七", pixels(3), width=6), "45.*6x7"),
        (record("七", pixels(3), width=65535, height=65535), "65535x65535"),
        (record("七", pixels(3), width=0), "45.*0x7"),
        (record("七", pixels(3), width=300, height=300, size=90010), "300x300.*90010"),
        (record("七", pixels(3))[:6], "size is 45"),
        (b"\0" * 100, "size is 0.*0x0"),
        (b"\xff" * 200_000, "4294967295"),
    ],
)
def test_reading_ends_at_a_record_whose_size_is_wrong(bad, reason):
    characters, (only,) = read(FIRST + bad + LAST)
    assert characters == "一"
    assert (only.file, only.offset) == ("1001-c.gnt", len(FIRST))
    assert re.search(reason, only.reason)


@pytest.mark.parametrize("left", [1, 9, 10, len(LAST) - 1])
def test_a_cut_off_end_is_reported(left):
    characters, (bad,) = read(FIRST + LAST[:left])
    assert characters == "一"
    assert bad.offset == len(FIRST)
    assert f"{left} " in bad.reason


def test_a_file_of_anything_else_is_one_bad_record():
    assert read(b"\x89PNG" * 50_000)[0] == ""
    assert len(read(b"\x89PNG" * 50_000)[1]) == 1


def test_every_record_of_unknown_tags_is_reported():
    _, bad = read(record("", pixels(0), tag=b"\xff\xff") * 3)
    assert [each.offset for each in bad] == [0, 45, 90]
