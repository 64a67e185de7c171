"""The formats of picture files that are read, and why others are not."""

import contextlib
import functools
import warnings
from collections.abc import Iterator

from PIL import Image

_EXTENSIONS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg", ".jfif"),
    "GIF": (".gif",),
    "BMP": (".bmp",),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
}
_HEIF_EXTENSIONS = (".heic", ".heif")

PICTURE_EXTENSIONS = (*(each for group in _EXTENSIONS.values() for each in group),)


@functools.cache
def picture_formats() -> tuple[str, ...]:
    """Returns the names of the formats in Pillow: no others are tried.

    A PostScript file that is named .png, for example, must not start Ghostscript.
    """
    return (*_EXTENSIONS, "HEIF") if _reads_heif() else (*_EXTENSIONS,)


@contextlib.contextmanager
def without_warnings_of_pillow() -> Iterator[None]:
    """Keeps Pillow from warning of large scans and odd palettes, which it decodes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def is_picture_name(name: str) -> bool:
    """Tells whether a file name has the extension of a picture that can be read here."""
    return name.lower().endswith(PICTURE_EXTENSIONS) or (_is_heif_name(name) and _reads_heif())


def why_not_read(name: str) -> str:
    """Returns why a file whose name is not that of a readable picture is left out."""
    kind = kind_of_file(name)
    return kind if _is_heif_name(name) else f"not a picture file ({kind})"


def kind_of_file(name: str) -> str:
    """Returns what a file that is not read is by its name, such as `".txt"`."""
    if _is_heif_name(name):
        return 'HEIC, which needs pip install "kerasgan[heif]"'
    _, dot, extension = name.split("/")[-1].rpartition(".")
    return f".{extension}" if dot else "no extension"


def _is_heif_name(name: str) -> bool:
    return name.lower().endswith(_HEIF_EXTENSIONS)


@functools.cache
def _reads_heif() -> bool:
    """Returns whether pillow-heif is installed, and tells Pillow of it."""
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True
