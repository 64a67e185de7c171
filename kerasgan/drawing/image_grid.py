"""Many images in one, with captions beneath them and numbers in their corners."""

import math
import re
from collections.abc import Sequence

import numpy as np
from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

from kerasgan.argument_checks import whole_number
from kerasgan.drawing.picture import to_uint8
from kerasgan.errors import UserError

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont

_FONT_SIZE = 10
_LINE = 12  # Pixels from one line to the next.
# The heights of numbers in pixels, and the part of the image's height that they take.
_SMALLEST_NUMBER = 6
_LARGEST_NUMBER = 32
_PART = 8


def grid(images: np.ndarray, *, columns: int | None = None, gap: int = 2) -> np.ndarray:
    """Lays images out in rows on white.

    Args:
        images: `(n, height, width, channels)`, float in [0, 1] or uint8, n at least 1.
        columns: Images in a row, at least 1; `None` makes the grid about as many images wide as
            high.
        gap: Pixels between images, at least 0.

    Returns:
        One image `(height, width, channels)` of the same dtype.

    Raises:
        ValueError: `images` has another shape or is empty, or a number is not whole or is too
            small.
    """
    images = np.asarray(images)
    if images.ndim != 4 or len(images) == 0:
        raise UserError(
            "A grid needs images of shape (n, height, width, channels), n at least 1. "
            f"Received: images of shape {images.shape}"
        )
    count, height, width, channels = images.shape
    if columns is None:
        columns = square_columns(count)
    columns = min(whole_number("columns", columns, least=1), count)
    gap = whole_number("gap", gap, least=0)
    rows = math.ceil(count / columns)
    white = 255 if images.dtype == np.uint8 else 1.0
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    canvas = np.full(shape, white, images.dtype)
    for index, image in enumerate(images):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return canvas


def square_columns(count: int) -> int:
    """Returns the number of columns that makes a grid of images about as wide as high.

    >>> square_columns(32)
    6
    """
    return math.ceil(math.sqrt(count))


def captioned(images: np.ndarray, captions: Sequence[str]) -> np.ndarray:
    """Writes a caption beneath each image, black on white.

    The font has the letters of ASCII, in which others are spelled: Gemälde as Gemalde, and 风景 as
    FengJing; underscores are drawn as spaces. A caption that is wider than its image is broken
    after spaces and hyphens; what is still too wide is cut off.

    Args:
        images: `(n, height, width, 1 or 3)`, float in [0, 1] or uint8.
        captions: One caption for each image.

    Returns:
        uint8 `(n, height + lines * 12, width, 1 or 3)`, as many lines as the longest caption has.
    """
    images = to_uint8(images)
    width, channels = images.shape[2:]
    font = ImageFont.load_default(_FONT_SIZE)
    spelled = (anyascii(caption).replace("_", " ") for caption in captions)
    broken = [_broken(each, width, font) for each in spelled]
    height = _LINE * max(map(len, broken))
    strips = np.stack([_strip(lines, width, height, font) for lines in broken])
    strips = np.repeat(strips[..., np.newaxis], channels, axis=-1)
    return np.concatenate([images, strips], axis=1)


def numbered(images: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
    """Writes a number into the upper left corner of each image, white on black.

    Args:
        images: `(n, height, width, 1 or 3)`, float in [0, 1] or uint8.
        numbers: One number for each image.

    Returns:
        uint8, of the shape of `images`.

    Raises:
        UserError: The longest number is wider than the images.
    """
    pictures = to_uint8(images).copy()
    height, width = pictures.shape[1:3]
    texts = list(map(str, numbers))
    size = min(max(height // _PART, _SMALLEST_NUMBER + 2), _LARGEST_NUMBER)
    fonts = map(ImageFont.load_default, range(size, _SMALLEST_NUMBER - 1, -1))
    fitting = (font for font in fonts if max(map(font.getlength, texts)) + 2 <= width)
    font = next(fitting, None)
    if font is None:
        raise UserError(
            f"The number {max(texts, key=len)} does not fit into a picture {width} pixels wide; "
            "draw larger pictures"
        )
    for picture, text in zip(pictures, texts, strict=True):
        left, top, right, bottom = map(math.ceil, font.getbbox(text))
        label = Image.new("L", (right - left + 2, min(bottom - top + 2, height)), 0)
        ImageDraw.Draw(label).text((1 - left, 1 - top), text, font=font, fill=255)
        picture[: label.height, : label.width] = np.asarray(label)[:, :width, np.newaxis]
    return pictures


def _broken(caption: str, width: int, font: Font) -> list[str]:
    lines = [""]
    for part in re.findall(r"[^ -]*[ -]?", caption):
        if lines[-1] and font.getlength((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _strip(lines: list[str], width: int, height: int, font: Font) -> np.ndarray:
    strip = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(strip)
    for row, line in enumerate(lines):
        draw.text((0, row * _LINE), line, font=font, fill=0)
    return np.asarray(strip)
