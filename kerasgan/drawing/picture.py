"""Pictures in memory, and as files of which a reader wants the whole at once.

`kerasgan.drawing.any_size.large_picture` writes those that need not fit in memory.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing.picture_format import check_side, picture_format
from kerasgan.drawing.signature import KEYWORD, exif, signature
from kerasgan.files import atomic_write

_VALUES_AT_ONCE = 2**22


def to_picture(image: np.ndarray) -> Image.Image:
    """Returns an image `(height, width, 1 or 3)`, float in [0, 1] or uint8, as a Pillow picture.

    Values outside are clipped; NaN, which a diverged network draws, is black.
    """
    image = to_uint8(image)
    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Returns images, float in [0, 1] or uint8, as uint8; see `to_picture`."""
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    pixels = np.empty(images.shape, np.uint8)
    # In parts, for each of these steps makes a copy as large as the images are.
    count = max(1, _VALUES_AT_ONCE * len(images) // max(1, images.size))
    for first in range(0, len(images), count):
        part = np.nan_to_num(images[first : first + count])
        pixels[first : first + count] = np.rint(np.clip(part, 0.0, 1.0) * 255.0)
    return pixels


def negative(images: np.ndarray) -> np.ndarray:
    """Returns images, float in [0, 1] or uint8, with black and white exchanged."""
    return 255 - images if images.dtype == np.uint8 else 1.0 - images


def save_picture(
    image: np.ndarray, path: str | Path, *, text: Mapping[str, str] | None = None
) -> Path:
    """Writes an image, in the format that the file's ending names; never half a file.

    Args:
        image: See `to_picture`.
        path: The file.
        text: Text chunks by their keywords, for a PNG; other formats are written without, but say
            that kerasgan wrote them where they can.

    Raises:
        UserError: The ending names no picture format, the format cannot hold the picture, or the
            file cannot be written.
    """
    path = Path(path)
    kind = picture_format(path)
    picture = to_picture(image)
    check_side(path, kind, *picture.size)
    options = {}
    if kind == "PNG":
        options["pnginfo"] = _png_info({KEYWORD: signature(), **(text or {})})
    elif kind in ("JPEG", "TIFF", "WEBP"):
        options["exif"] = exif()
    elif kind == "GIF":
        options["comment"] = signature()
    with atomic_write(path) as file:
        picture.save(file, format=kind, **options)
    return path


def _png_info(text: Mapping[str, str]) -> PngInfo:
    info = PngInfo()
    for keyword, content in text.items():
        info.add_text(keyword, content)
    return info
