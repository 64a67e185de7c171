"""Storing image files."""

import errno
import hashlib
import io
import os
import re

import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.wikiart.scraper.images import ImageStore, NotAnImage
from tests.wikiart.fake_site import jpeg


def encoded(pixels, kind="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path):
    def make(max_size=None):
        return ImageStore(tmp_path / "images", tmp_path, max_size)

    return make


def test_jpeg_files_within_the_size_are_kept_byte_for_byte(folder):
    content = jpeg(1, (40, 20))
    stored = folder(40).store("1", content)
    assert folder().path("1").read_bytes() == content
    assert (stored.width, stored.height) == (40, 20)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert folder().read("1") == stored


def test_larger_ones_are_scaled_down(folder):
    pixels = np.kron(np.array([[0, 255]], np.uint8), np.ones((50, 50), np.uint8))
    stored = folder(20).store("1", encoded(pixels, "JPEG"))
    assert (stored.width, stored.height) == (20, 10)
    with Image.open(folder().path("1")) as image:
        small = np.asarray(image)
    assert small[:, :8].max() < 10
    assert small[:, 12:].min() > 245


def test_a_scaled_photograph_is_turned_upright(folder):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = folder(10).store("1", encoded(np.zeros((20, 40), np.uint8), "JPEG", exif=exif))
    assert (stored.width, stored.height) == (5, 10)


def test_other_formats_become_jpeg_on_white(folder):
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:, 8:, 3] = 255
    folder().store("1", encoded(pixels))
    with Image.open(folder().path("1")) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        grey = np.asarray(image.convert("L"))
    assert grey[:, :7].min() > 245
    assert grey[:, 9:].max() < 10


def test_sixteen_bit_greys_keep_their_levels(folder):
    levels = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    folder().store("1", encoded(levels))
    with Image.open(folder().path("1")) as image:
        assert np.abs(np.asarray(image) - levels / 257).max() <= 3


@pytest.mark.parametrize("progressive", [False, True])
def test_any_cut_is_found(folder, progressive):
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    content = encoded(noise, "JPEG", progressive=progressive)
    images = folder()
    for length in [*range(0, len(content), 61), len(content) - 2, len(content) - 1]:
        with pytest.raises(NotAnImage):
            images.store("1", content[:length])
    assert images.ids() == set()


def test_bombs_and_postscript_are_refused(folder, monkeypatch):
    with pytest.raises(NotAnImage, match="%!PS-Adobe"):
        folder().store("1", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(NotAnImage, match="decompression bomb"):
        folder().store("1", jpeg(1))
    assert folder().ids() == set()


@pytest.mark.parametrize("key", ["/abs/photo", "../../x", "..", "", "a\0b", "a/b", "A"])
def test_an_id_that_is_no_name_of_a_file_is_refused_before_anything_is_written(
    folder, tmp_path, key
):
    with pytest.raises(UserError, match=re.escape(repr(key[-9:].replace("\0", " "))[1:])):
        folder().store(key, jpeg(1))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["images"]


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_in_the_way_is_replaced_not_followed(folder, tmp_path):
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    (tmp_path / "partial.jpg").symlink_to(target)
    images = folder()
    images.path("1").symlink_to(target)
    images.store("1", jpeg(1))
    assert target.read_text() == "mine"
    assert not images.path("1").is_symlink()


def test_a_write_that_fails_is_said_and_leaves_what_was_there(folder, tmp_path, monkeypatch):
    images = folder()
    before = images.store("1", jpeg(1))

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"1\.jpg: No space left on device"):
        images.store("1", jpeg(2))
    assert images.read("1") == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["1.jpg", "images"]
