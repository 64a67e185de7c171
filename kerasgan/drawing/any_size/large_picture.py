"""A picture file of any size, written strip by strip, that is complete or not there."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from kerasgan.drawing.any_size.streams import png_stream, save_stream
from kerasgan.drawing.overwriting import check_tiles, deep_zoom_comment
from kerasgan.drawing.picture import QUALITY, check_ending, check_side
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_path, check_writable
from kerasgan.version import signature

# A plain TIFF ends at 4 GiB, and deflated pixels can be a little longer than plain ones.
_LARGEST_PLAIN_TIFF = 4_000_000_000
# What metadata libvips keeps in a file. Its annotations demand integers, but it takes names too.
_EXIF: Any = "exif"
_OTHER: Any = "other"
_NOTHING: Any = "none"
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


def write_large_picture(
    strips: Iterable[np.ndarray],
    path: Path,
    *,
    size: Size,
    channels: int,
    text: Mapping[str, str] | None = None,
) -> None:
    """Writes strips as a picture file, or as the file and the folder of a Deep Zoom picture.

    Args:
        strips: uint8 `(rows, width, channels)`, from the top downwards.
        path: The file; its ending names the format.
        size: Size of the picture.
        channels: 1 or 3.
        text: Text chunks by their keywords, for a PNG. Other formats are written without them,
            but say that kerasgan wrote them.

    Raises:
        UserError: As `large_picture_format`, or the file cannot be written, for instance because
            the disk is full. What was there before then stays.
    """
    kind = large_picture_format(path, size)
    check_writable(path.parent)
    # libvips reads the pixels from an uncompressed PNG. It cannot write UTF-8 into a PNG's chunks,
    # so a PNG goes to its file as it is.
    level, text = (6, text) if kind == "PNG" else (0, None)
    stream = png_stream(strips, size=size, channels=channels, level=level, text=text)
    atomic = _atomic_deep_zoom if kind == "DZI" else atomic_path
    with contextlib.closing(stream), atomic(path) as temporary:
        if kind == "PNG":
            with temporary.open("wb") as file:
                file.writelines(stream)
            return
        try:
            save_stream(stream, lambda image: _SAVERS[kind](_signed(image), str(temporary)))
        except pyvips.Error as error:
            raise _disk_error(str(error)) from error


def large_picture_format(path: Path, size: Size) -> str:
    """Returns the name of the format that a path's ending names.

    Raises:
        UserError: It names none that can be written in strips, or the format cannot hold a
            picture of that size.
    """
    kind = _FORMATS[check_ending(path, _FORMATS, "a picture of any size")]
    check_side(path, kind, size.width, size.height, instead=".png, .tif or .dzi")
    return kind


def _signed(image: pyvips.Image) -> pyvips.Image:
    """Returns an image with the metadata by which its file says that kerasgan wrote it."""
    image = image.copy()
    for name in ("exif-ifd0-Software", "image-description"):
        image.set_type(pyvips.GValue.gstr_type, name, signature())
    return image


def _save_jpeg(image: pyvips.Image, path: str) -> None:
    image.jpegsave(path, Q=QUALITY, keep=_EXIF)


def _save_webp(image: pyvips.Image, path: str) -> None:
    image.webpsave(path, Q=QUALITY, keep=_EXIF)


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
        keep=_OTHER,
    )


def _save_deep_zoom(image: pyvips.Image, path: str) -> None:
    written = Path(path).with_suffix(".dzi")  # libvips adds the ending, in lower case.
    image.dzsave(str(written.with_suffix("")), layout="dz", suffix=".png", keep=_NOTHING)
    written.rename(path)


_FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".dzi": "DZI",
}
_SAVERS: dict[str, Callable[[pyvips.Image, str], None]] = {
    "JPEG": _save_jpeg,
    "TIFF": _save_tiff,
    "WEBP": _save_webp,
    "DZI": _save_deep_zoom,
}


@contextlib.contextmanager
def _atomic_deep_zoom(path: Path) -> Iterator[Path]:
    """Does for a `.dzi` and its folder of tiles what `atomic_path` does for a file."""
    tiles = check_tiles(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".tiles-", dir=path.parent) as folder:
            # libvips takes brackets in a name for its own options.
            temporary = Path(folder) / "picture.dzi"
            yield temporary
            new_tiles = temporary.with_name(check_tiles(temporary).name)
            # It names the libvips version and the time, and viewers do not read it.
            (new_tiles / "vips-properties.xml").unlink(missing_ok=True)
            with temporary.open("a", encoding="utf-8") as file:
                file.write(deep_zoom_comment())
            check_tiles(path)
            replaced = Path(folder) / "replaced"
            if tiles.exists():
                tiles.rename(replaced)
            try:
                new_tiles.rename(tiles)
                temporary.replace(path)
            except BaseException:
                if tiles.exists():
                    tiles.rename(new_tiles)
                if replaced.exists():
                    replaced.rename(tiles)
                raise
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}") from error


def _disk_error(message: str) -> OSError:
    """Returns the system's error, found in the lines that libvips wrote about it."""
    for number in _DISK_ERRORS:
        if os.strerror(number) in message:
            return OSError(number, os.strerror(number))
    return OSError(" ".join(message.split()))
