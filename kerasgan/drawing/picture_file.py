"""A picture file, written strip by strip, that is whole or not there."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyvips

from kerasgan.drawing.picture_format import DEEP_ZOOM, PictureFormat
from kerasgan.drawing.picture_stream import save_stream
from kerasgan.drawing.png_stream import png_stream
from kerasgan.drawing.view import View
from kerasgan.errors import UserError
from kerasgan.files import atomic_path, check_writable

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


def write_picture(
    strips: Iterable[np.ndarray], path: Path, chosen: PictureFormat, *, view: View, channels: int
) -> None:
    """Writes strips as a picture file, or as the file and the folder of a Deep Zoom picture.

    Args:
        strips: uint8 `(rows, width, channels)`, from the top downwards.
        path: Where to.
        chosen: Its format.
        view: Size of the picture.
        channels: 1 or 3.

    Raises:
        UserError: It cannot be written, for instance because the disk is full. What stood there
            then stays.
    """
    check_writable(path.parent)
    stream = png_stream(strips, width=view.width, height=view.height, channels=channels)
    atomic = _atomic_deep_zoom if chosen is DEEP_ZOOM else atomic_path
    with contextlib.closing(stream), atomic(path) as temporary:
        try:
            save_stream(stream, lambda image: chosen.save(image, str(temporary)))
        except pyvips.Error as error:
            raise _disk_error(str(error)) from error


@contextlib.contextmanager
def _atomic_deep_zoom(path: Path) -> Iterator[Path]:
    """Does for a `.dzi` and its folder of tiles what `atomic_path` does for a file."""
    tiles = path.with_name(f"{path.stem}_files")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent) as folder:
            temporary = Path(folder) / path.name
            yield temporary
            new_tiles = temporary.with_name(tiles.name)
            # It tells of libvips and of the hour, and viewers do not read it.
            (new_tiles / "vips-properties.xml").unlink(missing_ok=True)
            if tiles.exists():
                tiles.rename(Path(folder) / "replaced")
            new_tiles.rename(tiles)
            temporary.replace(path)
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}") from error


def _disk_error(message: str) -> OSError:
    """Returns what the system said, out of the lines of libvips about it."""
    for number in _DISK_ERRORS:
        if os.strerror(number) in message:
            return OSError(number, os.strerror(number))
    return OSError(" ".join(message.split()))
