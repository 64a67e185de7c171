import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from kerasgan.data.decoder import Decoder
from kerasgan.wikiart.preparer.parts import Part
from tests.wikiart.sources import painting, save

SQUARE = painting(0, (16, 16))


def prepared(folder, name):
    """The JPEG that a part prepares of a file, for images of 16x16."""
    folder = str(folder)
    part = Part(0, folder, folder, name, (name,), Decoder(16, fit="squash"))
    part.prepare()
    (image,) = part.decoded_images()
    assert image.failure == ""
    jpeg = part.images_path.read_bytes()
    assert len(jpeg) == image.length
    return jpeg


def pixels(jpeg):
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert (picture.size, picture.mode) == ((16, 16), "RGB")
        assert picture.info.keys().isdisjoint({"comment", "exif", "icc_profile"})
        return np.asarray(picture, np.int32)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_a_plain_jpeg_of_the_size_stays_as_it_is(tmp_path, options):
    file = save(SQUARE, tmp_path / "a.jpg", quality=60, **options)
    assert prepared(tmp_path, "a.jpg") == file.read_bytes()


def test_files_that_could_not_be_opened_are_tried_again(tmp_path):
    def part(*files):
        return Part(0, str(tmp_path), str(tmp_path), "-".join(files), files, Decoder(16))

    later = part("a.jpg")
    later.prepare()
    (image,) = later.decoded_images()
    assert image.failure.startswith("cannot be opened")
    save(SQUARE, tmp_path / "a.jpg")
    later.prepare()
    assert later.decoded_images() == [image]  # It is as it was,
    later.forget_if_files_could_not_be_opened()
    later.prepare()  # until a preparation begins.
    assert later.decoded_images()[0].failure == ""
    (tmp_path / "a.jpg").write_bytes(b"damaged")
    later.records_path.unlink()
    later.prepare()
    later.forget_if_files_could_not_be_opened()
    assert later.records_path.exists()


def turned():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return exif


@pytest.mark.parametrize(
    ("name", "picture", "options"),
    [
        ("large.jpg", painting(0, (32, 32)), {}),
        ("grey.jpg", SQUARE.convert("L"), {}),
        ("cmyk.jpg", SQUARE.convert("CMYK"), {}),
        ("turned.jpg", SQUARE.transpose(Image.Transpose.ROTATE_90), {"exif": turned()}),
        ("commented.jpg", SQUARE, {"comment": "by me"}),
        ("profiled.jpg", SQUARE, {"icc_profile": b"a profile"}),
        ("a.png", SQUARE, {}),
    ],
)
def test_another_image_is_encoded_upright_in_colour_and_without_comments(
    tmp_path, name, picture, options
):
    if name.endswith("jpg"):
        options = {"quality": 95, "subsampling": 0, **options}
    file = save(picture, tmp_path / name, **options)
    jpeg = prepared(tmp_path, name)
    assert jpeg != file.read_bytes()
    expected = {
        "grey.jpg": SQUARE.convert("L").convert("RGB"),
        "large.jpg": picture.resize((16, 16), Image.Resampling.LANCZOS),
    }.get(name, SQUARE)
    assert np.abs(pixels(jpeg) - np.asarray(expected, np.int32)).mean() < 6


def test_what_follows_a_jpeg_is_not_kept(tmp_path):
    file = save(SQUARE, tmp_path / "a.jpg")
    file.write_bytes(file.read_bytes() + b"appended")
    assert b"appended" not in prepared(tmp_path, "a.jpg")
