"""The formats that a picture of any size is written in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyvips

from kerasgan.drawing.view import View
from kerasgan.errors import UserError

# Deflated pixels can be a little longer than plain ones, and a plain TIFF ends at 4 GiB.
_LARGEST_PLAIN_TIFF = 4_000_000_000


@dataclass(frozen=True)
class PictureFormat:
    """A format.

    Args:
        name: What it is called.
        save: Writes an image to a path.
        largest_side: Most columns and most rows.
    """

    name: str
    save: Callable[[pyvips.Image, str], None]
    largest_side: int | None = None


def _save_png(image: pyvips.Image, path: str) -> None:
    image.pngsave(path, keep="none")


def _save_jpeg(image: pyvips.Image, path: str) -> None:
    image.jpegsave(path, Q=90, keep="none")


def _save_webp(image: pyvips.Image, path: str) -> None:
    image.webpsave(path, Q=90, keep="none")


def _save_tiff(image: pyvips.Image, path: str) -> None:
    large = image.width * image.height * image.bands > _LARGEST_PLAIN_TIFF
    image.tiffsave(
        path,
        tile=True,
        tile_width=256,
        tile_height=256,
        compression="deflate",
        predictor="horizontal",
        bigtiff=large,
        keep="none",
    )


def _save_deep_zoom(image: pyvips.Image, path: str) -> None:
    image.dzsave(path.removesuffix(".dzi"), layout="dz", suffix=".png", keep="none")


_PNG = PictureFormat("PNG", _save_png)
# libjpeg ends a little below the format's own 65,535.
_JPEG = PictureFormat("JPEG", _save_jpeg, largest_side=65_500)
_TIFF = PictureFormat("TIFF", _save_tiff)
_WEBP = PictureFormat("WebP", _save_webp, largest_side=16_383)
DEEP_ZOOM = PictureFormat("Deep Zoom", _save_deep_zoom)

_FORMATS = {
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": _WEBP,
    ".dzi": DEEP_ZOOM,
}


def picture_format(path: Path, view: View) -> PictureFormat:
    """Returns the format that a path's ending names.

    Raises:
        UserError: It names none of these, or the format cannot hold a picture of that size.
    """
    chosen = _FORMATS.get(path.suffix.lower())
    if chosen is None:
        raise UserError(
            f"{path}: {path.suffix or 'no ending'} is not a format for rendering; give one of "
            f"{', '.join(_FORMATS)}"
        )
    side = max(view.width, view.height)
    if chosen.largest_side is not None and side > chosen.largest_side:
        raise UserError(
            f"{path}: {chosen.name} holds at most {chosen.largest_side:,} pixels a side; give "
            f".png, .tif or .dzi. Received: a picture of {view.width}x{view.height}"
        )
    return chosen
