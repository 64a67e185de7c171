"""Pictures in memory, and files of pictures that fit in memory.

`kerasgan.drawing.any_size.large_picture` writes pictures that need not fit in memory.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.argument_checks import whole_number
from kerasgan.drawing.overwriting import KEYWORD, exif
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write
from kerasgan.files.user_path import user_path
from kerasgan.version import signature

# A larger factor shows nothing more.
MOST_UPSCALE = 16
# Of JPEG and WebP, of 100: at Pillow's 75 the edges of drawings get halos.
QUALITY = 90
_VALUES_AT_ONCE = 2**22
# libjpeg stops a little below the 65,535 of JPEG itself.
_LONGEST_SIDE = {"GIF": 65_535, "JPEG": 65_500, "WEBP": 16_383}


def to_picture(image: np.ndarray) -> Image.Image:
    """Returns an image `(height, width, 1 or 3)`, float in [0, 1] or uint8, as a Pillow picture.

    Values outside are clipped; NaN, which a diverged network draws, is black.

    Raises:
        ValueError: As `to_uint8`.
    """
    image = to_uint8(image)
    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Returns images, float in [0, 1] or uint8, as uint8; see `to_picture`.

    Raises:
        ValueError: They are other integers, whose range is not known.
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind in "iu":
        raise UserError(
            f"Images must be float in [0, 1] or uint8 in [0, 255]. Received: dtype={images.dtype}"
        )
    pixels = np.empty(images.shape, np.uint8)
    # In parts, because each of these steps makes a copy as large as the images are.
    count = max(1, _VALUES_AT_ONCE * len(images) // max(1, images.size))
    for first in range(0, len(images), count):
        part = np.nan_to_num(images[first : first + count])
        pixels[first : first + count] = np.rint(np.clip(part, 0.0, 1.0) * 255.0)
    return pixels


def inverted(images: np.ndarray) -> np.ndarray:
    """Returns images, float in [0, 1] or uint8, with black and white exchanged."""
    return 255 - images if images.dtype == np.uint8 else 1.0 - images


def check_upscale(factor: int) -> int:
    """Returns the factor by which pictures are enlarged.

    Raises:
        UserError: It is not an integer from 1 to 16.
    """
    return whole_number("upscale", factor, least=1, most=MOST_UPSCALE)


def upscaled(images: np.ndarray, factor: int) -> np.ndarray:
    """Enlarges images with Pillow's Lanczos filter, which keeps edges sharp.

    Args:
        images: `(n, height, width, 1 or 3)`, float in [0, 1] or uint8.
        factor: How many times as wide and high they become; 1 returns them as they are.

    Returns:
        uint8 `(n, factor * height, factor * width, 1 or 3)`.
    """
    if factor == 1:
        return images
    height, width, channels = images.shape[1:]
    size = (factor * width, factor * height)
    larger = [
        np.asarray(to_picture(image).resize(size, Image.Resampling.LANCZOS)) for image in images
    ]
    return np.stack(larger).reshape(-1, factor * height, factor * width, channels)


def save_picture(
    image: np.ndarray,
    path: str | Path,
    *,
    text: Mapping[str, str] | None = None,
    quality: int = QUALITY,
) -> Path:
    """Writes an image in the format that the file's ending names; never half a file.

    Args:
        image: `(height, width, 1 or 3)`, float in [0, 1] or uint8; see `to_picture`.
        path: The file.
        text: Text chunks by their keywords, for a PNG. Other formats are written without them,
            but say that kerasgan wrote them where they can.
        quality: Of a JPEG or WebP, from 1 to 100.

    Raises:
        UserError: The ending names no picture format, the format cannot hold the picture, or the
            file cannot be written.
    """
    path = user_path(path)
    kind = picture_format(path)
    picture = to_picture(image)
    check_side(path, kind, *picture.size)
    options = {}
    if kind == "PNG":
        options["pnginfo"] = _png_info({KEYWORD: signature(), **(text or {})})
    elif kind in ("JPEG", "TIFF", "WEBP"):
        options["exif"] = exif()
        options["quality"] = quality
    elif kind == "GIF":
        options["comment"] = signature()
    with atomic_write(path) as file:
        picture.save(file, format=kind, **options)
    return path


def picture_format(path: Path) -> str:
    """Returns Pillow's name of the format that the ending of `path` names.

    Raises:
        UserError: It names none that Pillow writes.
    """
    Image.preinit()
    # Only these few formats are loaded, unless it is one of the many others.
    kind = Image.EXTENSION.get(path.suffix.lower())
    kind = kind or Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise UserError(f"{path}: {path.suffix or 'no ending'} is not a picture format; try .png")
    return kind


def check_ending(path: Path, endings: Collection[str], what: str, *, instead: str = "") -> str:
    """Returns the ending of `path`, in lower case, if it is one of `endings`.

    Args:
        path: The file.
        endings: The endings that are allowed.
        what: What such files hold, for the message.
        instead: What else is allowed, for the message.

    Raises:
        UserError: The ending of `path` is not in `endings`.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        raise UserError(
            f"{path}: {path.suffix or 'no ending'} cannot hold {what}; use "
            f"{', '.join(endings)}{instead}"
        )
    return ending


def check_side(path: Path, kind: str, width: int, height: int, *, instead: str = ".png") -> None:
    """Refuses pictures that are too large for a format.

    Args:
        path: The file, for the message.
        kind: Pillow's name of the format, as `picture_format` returns it.
        width: Columns of the picture.
        height: Rows of the picture.
        instead: What holds such a picture, for the message.

    Raises:
        UserError: The format cannot hold the picture.
    """
    longest = _LONGEST_SIDE.get(kind)
    if longest is not None and max(width, height) > longest:
        raise UserError(
            f"{path}: {kind} holds pictures of up to {longest:,} pixels a side, not "
            f"{width}x{height}; use {instead}"
        )


def _png_info(text: Mapping[str, str]) -> PngInfo:
    info = PngInfo()
    for keyword, content in text.items():
        info.add_text(keyword, content)
    return info
