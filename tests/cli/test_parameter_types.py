"""What the command line takes for names and numbers."""

import os
import re
from pathlib import Path

import click
import pytest

from kerasgan.cli.parameter_types import (
    FileName,
    IntegerList,
    ModelName,
    PictureSize,
    RealNumber,
    WholeNumber,
)


@pytest.mark.parametrize("name", ["a.png", "new/a.png", "..", "x" * 255, "ü" * 127, "a\udcff.png"])
def test_names_that_a_file_may_have_are_taken(name):
    assert FileName()(name) == Path(name)
    assert ModelName()(name) == name


def test_a_leading_tilde_is_the_home_folder_also_where_no_shell_replaces_it(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    assert FileName()("~/run") == Path("/home/ann/run")
    assert ModelName()("~/run") == "/home/ann/run"
    assert ModelName()("hf://ann/~") == "hf://ann/~"
    assert FileName()("~nobody-of-that-name/run") == Path("~nobody-of-that-name/run")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is not the name of a file"),
        ("a\0b", "has a NUL character"),
        ("x" * 256, "has a part of more than 255 bytes"),
        ("ü" * 128, "has a part of more than 255 bytes"),
        ("x/" * 3000, "is too long for a path"),
        ("\ud800", "has a character that the name of a file cannot have"),
        ("loop", "is a link that leads to itself"),
        ("loop/a.png", "is a link that leads to itself"),
    ],
)
def test_names_that_no_file_has_are_refused(name, said):
    Path("loop").symlink_to("loop")
    for kind in (FileName(), ModelName()):
        with pytest.raises(click.BadParameter, match=said) as caught:
            kind(name)
        assert len(caught.value.message) < 200


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-3", -3), ("+5", 5), ("0" * 50 + "9", 9)])
def test_integers_are_taken(text, number):
    assert WholeNumber()(text) == number


@pytest.mark.parametrize("text", ["", "1.0", "1e3", "1_000", "٣", "nan", "9" * 5000, str(2**63)])
def test_what_is_no_integer_of_64_bits_is_refused(text):
    with pytest.raises(click.BadParameter) as caught:
        WholeNumber()(text)
    assert len(caught.value.message) < 200


def test_lists_have_integers_and_ranges_each_once():
    assert IntegerList()("3, 7,19") == (3, 7, 19)
    assert IntegerList()("0-3,2,-5") == (0, 1, 2, 3, -5)
    assert IntegerList()("-2-1") == (-2, -1, 0, 1)
    assert IntegerList()("-3--1") == (-3, -2, -1)


@pytest.mark.parametrize("text", ["", "1,", "a", "3-1", "1.5", "0-100000", "9" * 30, "1--3", "٣"])
def test_what_is_no_list_of_integers_is_refused(text):
    with pytest.raises(click.BadParameter) as caught:
        IntegerList()(text)
    assert len(caught.value.message) < 200


def test_a_range_is_heeded():
    assert WholeNumber(1, 3)("3") == 3
    with pytest.raises(click.BadParameter, match=r"4 .*1.*3"):
        WholeNumber(1, 3)("4")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "9" * 5000, "x", ""])
def test_what_is_no_finite_number_is_refused(text):
    assert RealNumber()("1e26") == 1e26
    with pytest.raises(click.BadParameter):
        RealNumber()(text)


@pytest.mark.parametrize("text", ["9" * 5000, "5x" + "9" * 5000, "1e26", "٣", "5x5x5"])
def test_a_size_of_any_length_is_refused(text):
    with pytest.raises(click.BadParameter, match=re.escape(text[:20])) as caught:
        PictureSize()(text)
    assert len(caught.value.message) < 200


def test_an_error_of_the_system_about_a_file_is_one_line(kerasgan, monkeypatch):
    def fail():
        raise OSError(36, os.strerror(36), "a" * 300)

    monkeypatch.setattr("kerasgan.zoo.entries.names", fail)
    code, out, err = kerasgan("zoo", "list")
    assert (code, out) == (2, "")
    assert err == f"Error: {'a' * 79}… File name too long\n"


def test_a_name_that_is_no_text_can_be_printed(kerasgan):
    Path("pictures").mkdir()
    folder = b"pictures/\xff".decode("utf-8", "surrogateescape")
    code, _, err = kerasgan("zoo", "show", folder)
    assert code == 2
    assert err.startswith("Error: There is no model 'pictures/\\udcff'")


def test_a_folder_that_is_not_there_has_no_name_of_a_file():
    with pytest.raises(click.BadParameter, match=r"no folder 'pics.2024/': make it .*'.2024'"):
        FileName()("pics.2024/")
    Path("pics.2024").mkdir()
    assert FileName()("pics.2024/") == Path("pics.2024")
    assert FileName()("new/") == Path("new")
