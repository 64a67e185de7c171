"""Images as picture files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.errors import UserError
from kerasgan.files import atomic_write

# The longest side that a format can hold; Pillow's own words for it do not say so.
LONGEST_SIDE = {"GIF": 65_535, "JPEG": 65_535, "WEBP": 16_383}


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
    return np.rint(np.clip(np.nan_to_num(images), 0.0, 1.0) * 255.0).astype(np.uint8)


def save_picture(
    image: np.ndarray, path: str | Path, *, text: Mapping[str, str] | None = None
) -> Path:
    """Writes an image, in the format that the file's ending names; never half a file.

    Args:
        image: See `to_picture`.
        path: The file.
        text: Text chunks by their keywords, for a PNG; other formats are written without.

    Raises:
        UserError: The ending names no picture format, the format cannot hold the picture, or the
            file cannot be written.
    """
    path = Path(path)
    kind = picture_format(path)
    picture = to_picture(image)
    check_side(path, kind, picture.size)
    options = {"pnginfo": _png_info(text)} if kind == "PNG" and text else {}
    with atomic_write(path) as file:
        picture.save(file, format=kind, **options)
    return path


def picture_format(path: Path) -> str:
    """Returns Pillow's name of the format that the ending of `path` names.

    Raises:
        UserError: It names none.
    """
    formats = Image.registered_extensions()
    kind = formats.get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise UserError(f"{path}: {path.suffix or 'no ending'} is not a picture format; try .png")
    return kind


def check_side(path: Path, kind: str, size: tuple[int, int]) -> None:
    """Raises UserError if the format `kind` cannot hold pictures of `size`."""
    longest = LONGEST_SIDE.get(kind)
    if longest is not None and max(size) > longest:
        raise UserError(
            f"{path}: {kind} holds pictures of up to {longest:,} pixels a side, not "
            f"{size[0]}x{size[1]}; try .png"
        )


def _png_info(text: Mapping[str, str]) -> PngInfo:
    info = PngInfo()
    for keyword, content in text.items():
        info.add_text(keyword, content)
    return info
