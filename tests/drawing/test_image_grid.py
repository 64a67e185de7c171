import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kerasgan.drawing.image_grid import captioned, grid, numbered
from kerasgan.errors import UserError


@pytest.mark.parametrize(
    ("count", "columns", "shape"),
    [
        # rows * (4 + 2) - 2 by columns * (6 + 2) - 2
        (1, None, (4, 6)),
        (4, None, (10, 14)),
        (5, None, (10, 22)),
        (5, 2, (16, 14)),
        (3, 8, (4, 22)),
    ],
)
def test_grid_is_as_large_as_its_rows_and_columns(count, columns, shape):
    images = np.zeros((count, 4, 6, 3), np.float32)
    assert grid(images, columns=columns).shape == (*shape, 3)


@pytest.mark.parametrize("wrong", [{"columns": 0}, {"columns": 2.5}, {"gap": -1}, {"gap": 0.5}])
def test_a_grid_is_of_whole_numbers(wrong):
    name, number = next(iter(wrong.items()))
    with pytest.raises(ValueError, match=f"{name} must be an integer .* {name}={number}"):
        grid(np.zeros((3, 4, 4, 1)), **wrong)


@pytest.mark.parametrize(("dtype", "white"), [(np.uint8, 255), (np.float32, 1.0)])
def test_images_stand_in_reading_order_on_white(dtype, white):
    images = np.stack([np.full((2, 2, 1), value, dtype) for value in (0, 1, 0)])
    canvas = grid(images, columns=2, gap=1)
    w = white
    expected = [[0, 0, w, 1, 1], [0, 0, w, 1, 1], [w] * 5, [0, 0, w, w, w], [0, 0, w, w, w]]
    assert canvas.dtype == dtype
    np.testing.assert_array_equal(canvas[..., 0], np.array(expected, dtype))


def test_grid_without_gaps_is_a_plain_mosaic():
    images = np.random.default_rng(0).random((6, 3, 4, 3))
    rows = [np.concatenate(images[i : i + 3], axis=1) for i in (0, 3)]
    np.testing.assert_array_equal(grid(images, columns=3, gap=0), np.concatenate(rows))


@pytest.mark.parametrize("shape", [(0, 4, 4, 3), (4, 4, 3)])
def test_what_is_no_batch_of_images_is_refused_by_its_shape(shape):
    with pytest.raises(ValueError, match=r"Received: images of shape") as error:
        grid(np.zeros(shape))
    assert str(shape) in str(error.value)


def strip(width, *lines):
    """The lines as Pillow draws them, 12 pixels each."""
    picture = Image.new("L", (width, 12 * len(lines)), 255)
    for row, line in enumerate(lines):
        font = ImageFont.load_default(10)
        ImageDraw.Draw(picture).text((0, 12 * row), line, font=font, fill=0)
    return np.asarray(picture)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_caption_stands_beneath_its_image_in_black_on_white(channels):
    images = np.random.default_rng(0).random((2, 8, 60, channels), np.float32)
    pictures = captioned(images, ["portrait", "sketch"])
    assert (pictures.shape, pictures.dtype) == ((2, 20, 60, channels), np.uint8)
    np.testing.assert_array_equal(pictures[:, :8], np.rint(images * 255))
    for picture, text in zip(pictures, ["portrait", "sketch"], strict=True):
        for channel in range(channels):
            np.testing.assert_array_equal(picture[8:, :, channel], strip(60, text))


def test_letters_that_the_font_lacks_are_spelled_in_ascii():
    pictures = captioned(np.zeros((3, 4, 60, 1)), ["Gemälde", "风景", "пейзаж"])
    for picture, text in zip(pictures, ["Gemalde", "FengJing", "peyzazh"], strict=True):
        np.testing.assert_array_equal(picture[4:, :, 0], strip(60, text))


def test_captions_have_spaces_for_underscores():
    images = np.zeros((1, 4, 120, 1))
    np.testing.assert_array_equal(
        captioned(images, ["still_life_1"]), captioned(images, ["still life 1"])
    )
    assert (captioned(images, ["still_life_1"]) != captioned(images, ["stilllife1"])).any()


def test_a_wide_caption_is_broken_and_all_are_as_high_as_the_highest():
    pictures = captioned(np.zeros((2, 4, 60, 1)), ["religious-painting", "portrait"])
    np.testing.assert_array_equal(pictures[0, 4:, :, 0], strip(60, "religious-", "painting"))
    np.testing.assert_array_equal(pictures[1, 4:, :, 0], strip(60, "portrait", ""))


@pytest.mark.parametrize(("side", "size"), [(40, 8), (128, 16), (512, 32)])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_number_stands_in_the_corner_in_white_on_black(side, size, channels):
    images = np.full((2, side, side, channels), 0.5, np.float32)
    pictures = numbered(images, [7, -31])
    font = ImageFont.load_default(size)
    for picture, text in zip(pictures, ["7", "-31"], strict=True):
        left, top, right, bottom = map(int, font.getbbox(text))
        expected = Image.new("L", (right - left + 2, bottom - top + 2), 0)
        ImageDraw.Draw(expected).text((1 - left, 1 - top), text, font=font, fill=255)
        expected = np.asarray(expected)
        height, width = expected.shape
        for channel in range(channels):
            np.testing.assert_array_equal(picture[:height, :width, channel], expected)
        outside = picture.copy()
        outside[: height + 1, : width + 1] = 128
        assert (outside == 128).all()
    assert (images == 0.5).all()


def test_the_longest_number_decides_the_size_of_all_or_is_refused():
    images = np.zeros((2, 26, 26, 1), np.uint8)
    pictures = numbered(images, [1, 12345])
    assert (pictures[1, :, :-1] > 0).any()
    with pytest.raises(UserError, match=r"1234567890123 .* 26 pixels"):
        numbered(images, [1, 1234567890123])
