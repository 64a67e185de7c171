import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import save_picture, to_picture
from kerasgan.drawing.picture import to_uint8
from kerasgan.errors import UserError


def test_floats_are_rounded_to_the_nearest_of_256_levels():
    levels = np.arange(256)
    for offset in (-0.49, 0.0, 0.49):
        image = np.clip((levels + offset) / 255.0, 0, 1).reshape(16, 16, 1)
        np.testing.assert_array_equal(np.asarray(to_picture(image)).ravel(), levels)


def test_values_out_of_range_are_clipped_not_wrapped():
    image = np.array([-0.5, 0.0, 1.0, 1.5, np.inf, np.nan]).reshape(1, 6, 1)
    assert np.asarray(to_picture(image)).tolist() == [[0, 0, 255, 255, 255, 0]]


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_png_holds_the_very_pixels(tmp_path, channels, mode):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    path = save_picture(image, tmp_path / "new" / "a.png")
    assert path == tmp_path / "new" / "a.png"
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", mode, (7, 5))
        np.testing.assert_array_equal(np.asarray(picture).reshape(image.shape), image)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.JPG", "JPEG"), ("a.webp", "WEBP"), ("a.b.gif", "GIF"), ("a.bmp", "BMP")]
)
def test_ending_names_the_format(tmp_path, name, kind):
    save_picture(np.zeros((4, 4, 3)), tmp_path / name)
    with Image.open(tmp_path / name) as picture:
        assert picture.format == kind


@pytest.mark.parametrize(
    ("name", "said"), [("a.pgn", ".pgn"), ("a", "no ending"), ("a.txt", ".txt"), ("a.psd", ".psd")]
)
def test_ending_of_no_format_is_refused_before_anything_is_written(tmp_path, name, said):
    with pytest.raises(UserError, match=rf"{name}: {said} is not a picture format; try \.png"):
        save_picture(np.zeros((4, 4, 3)), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_picture_that_cannot_be_written_is_a_user_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"Cannot write .*a\.png: \S*file is a file, not a folder"):
        save_picture(np.zeros((4, 4, 3)), tmp_path / "file" / "a.png")


def test_format_that_cannot_hold_the_pixels_is_a_user_error_and_leaves_nothing(tmp_path):
    with pytest.raises(UserError, match=r"a\.xbm: cannot write mode RGB as XBM"):
        save_picture(np.zeros((4, 4, 3)), tmp_path / "a.xbm")
    assert list(tmp_path.iterdir()) == []


def test_lossy_pictures_are_those_of_quality_90(tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    for name in ("a.jpg", "a.webp"):
        save_picture(image, tmp_path / name)
        other = tmp_path / f"other {name}"
        Image.fromarray(image).save(other, quality=90)
        with Image.open(tmp_path / name) as one, Image.open(other) as same:
            np.testing.assert_array_equal(np.asarray(one), np.asarray(same))


def test_large_pictures_are_converted_in_parts_alike(monkeypatch):
    images = np.random.default_rng(0).normal(0.5, 0.6, (7, 3, 5, 2)).astype(np.float32)
    images[2, 1, 1] = np.nan
    whole = to_uint8(images)
    np.testing.assert_array_equal(whole, np.rint(np.clip(np.nan_to_num(images), 0, 1) * 255))
    monkeypatch.setattr("kerasgan.drawing.picture._VALUES_AT_ONCE", 64)
    np.testing.assert_array_equal(to_uint8(images), whole)
