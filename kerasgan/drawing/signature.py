"""The mark by which files that kerasgan wrote are known."""

import json
import warnings
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

import kerasgan
from kerasgan.regular_file import open_regular

# The keyword of a PNG's text chunk, and the tag of Exif and TIFF of the same meaning.
KEYWORD = "Software"
TAG = ExifTags.Base.Software
_NAME = "kerasgan "

# Unlike `Image.open` the classes take pictures of any size, and none decodes more than the header
# but that of WebP.
_READERS = {
    b"\x89PNG": PngImageFile,
    b"\xff\xd8\xff": JpegImageFile,
    b"GIF8": GifImageFile,
    b"RIFF": WebPImageFile,
    b"II*\0": TiffImageFile,
    b"MM\0*": TiffImageFile,
    b"II+\0": TiffImageFile,
}
_DEEP_ZOOM_END = 200


def signature() -> str:
    """Returns the text that a file of this version carries."""
    return f"{_NAME}{kerasgan.__version__}"


def deep_zoom_comment() -> str:
    """Returns the comment that ends a `.dzi`, which is XML and has no place for such a text."""
    return f"<!-- {signature()} -->\n"


def is_signed(path: str | Path) -> bool:
    """Tells whether a file says that kerasgan wrote it.

    PNG, JPEG, TIFF, WebP and GIF files and Deep Zoom descriptions do; `.mp4` and `.npy` files have
    no place for it.
    """
    try:
        with open_regular(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return any(text.startswith(_NAME) for text in _texts(file))
    except Exception:  # Pillow raises nearly anything on a damaged file, which is not ours
        return False


def _texts(file: BinaryIO) -> list[str]:
    """Returns the texts of a file in which the signature may be."""
    beginning = file.read(4)
    reader = next(
        (reader for magic, reader in _READERS.items() if beginning.startswith(magic)), None
    )
    if reader is None:
        size = file.seek(0, 2)
        file.seek(max(0, size - _DEEP_ZOOM_END))
        _, opened, comment = file.read().decode(errors="replace").rpartition("<!-- ")
        return [comment] if opened else []
    file.seek(0)
    with reader(file) as picture:
        if reader is PngImageFile:
            return [str(picture.info.get(KEYWORD, ""))]
        exif = picture.getexif()
        texts = [exif.get(TAG), exif.get(ExifTags.Base.ImageDescription)]
        texts.append(picture.info.get("comment"))
    return [part for text in texts if text for part in _parts(text)]


def _parts(text: str | bytes) -> list[str]:
    """Returns a text, and what it says of the software if it is JSON, as in animations."""
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    try:
        return [text, str(json.loads(text)[KEYWORD])]
    except (ValueError, TypeError, KeyError):
        return [text]


def exif() -> Image.Exif:
    """Returns Exif data that have the signature alone."""
    data = Image.Exif()
    data[TAG] = signature()
    return data
