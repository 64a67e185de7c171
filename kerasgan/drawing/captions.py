"""Captions beneath pictures."""

import re
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kerasgan.drawing.picture import to_uint8

_FONT_SIZE = 10
_LINE = 12  # Pixels from one line to the next.


def captioned(images: np.ndarray, captions: Sequence[str]) -> np.ndarray:
    """Writes a caption beneath each image, black on white.

    A caption that is wider than its image is broken after spaces, hyphens and underscores; what is
    too wide even so is cut off.

    Args:
        images: `(n, height, width, 1 or 3)`, float in [0, 1] or uint8.
        captions: One for each image.

    Returns:
        uint8 `(n, height + lines * 12, width, 1 or 3)`, as many lines as the longest caption has.
    """
    images = to_uint8(images)
    width, channels = images.shape[2:]
    font = ImageFont.load_default(_FONT_SIZE)
    broken = [_broken(caption, width, font) for caption in captions]
    height = _LINE * max(map(len, broken))
    strips = np.stack([_strip(lines, width, height, font) for lines in broken])
    strips = np.repeat(strips[..., np.newaxis], channels, axis=-1)
    return np.concatenate([images, strips], axis=1)


def _broken(caption: str, width: int, font: ImageFont.ImageFont) -> list[str]:
    lines = [""]
    for part in re.findall(r"[^ _-]*[ _-]?", caption):
        if lines[-1] and font.getlength((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _strip(lines: list[str], width: int, height: int, font: ImageFont.ImageFont) -> np.ndarray:
    strip = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(strip)
    for row, line in enumerate(lines):
        draw.text((0, row * _LINE), line, font=font, fill=0)
    return np.asarray(strip)
