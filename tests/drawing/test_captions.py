import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kerasgan.drawing.captions import captioned


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


def test_a_wide_caption_is_broken_and_all_are_as_high_as_the_highest():
    pictures = captioned(np.zeros((2, 4, 60, 1)), ["religious-painting", "portrait"])
    np.testing.assert_array_equal(pictures[0, 4:, :, 0], strip(60, "religious-", "painting"))
    np.testing.assert_array_equal(pictures[1, 4:, :, 0], strip(60, "portrait", ""))
