import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from kerasgan.data import embedded
from kerasgan.data.embedded import embedded_images
from kerasgan.errors import UserError


def test_every_creature_is_a_64_pixel_png_with_transparent_and_opaque_pixels():
    with zipfile.ZipFile(embedded_images()) as archive:
        names = archive.namelist()
        for name in names:
            with Image.open(io.BytesIO(archive.read(name)), formats=["PNG"]) as image:
                assert image.size == (64, 64), name
                assert image.has_transparency_data, name
                lowest, highest = image.convert("RGBA").getchannel("A").getextrema()
            assert lowest == 0 and highest > 250, name
    assert len(names) == 125


def test_the_zip_is_sorted_dated_1980_and_has_the_hash_in_the_notice():
    path = embedded_images()
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    names = [member.filename for member in members]
    assert names == sorted(set(names))
    assert all(name.startswith("creatures/") and name.endswith(".png") for name in names)
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert path.stat().st_size < 400_000
    notice = (Path(embedded.__file__).parent / "NOTICE.md").read_text(encoding="utf-8")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in notice


def test_an_unknown_name_is_an_error_that_lists_the_known_names():
    with pytest.raises(UserError, match=r"creatures\. .*name='dragons'"):
        embedded_images("dragons")
