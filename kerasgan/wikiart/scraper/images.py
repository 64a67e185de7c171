"""Storing image files, each decoded completely before it is written."""

import contextlib
import hashlib
import io
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kerasgan.data.decoder import flattened
from kerasgan.errors import UserError
from kerasgan.wikiart.clean_text import clean_text

# The site's ids are 24 hexadecimal digits, older ones are decimal. Neither these nor UUIDs can be a
# path, a device of Windows, or two names of one file on a disk that ignores case.
_SAFE_ID = re.compile(r"[0-9a-f][0-9a-f-]{0,63}", re.ASCII)
# Only these decoders are offered the bytes: a PostScript file must not start Ghostscript.
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_QUALITY = 95
# Modes whose colour profiles do not describe the RGB image that they are converted to.
_OTHER_COLOURS = ("1", "CMYK", "F", "HSV", "LAB", "YCbCr")


class NotAnImage(Exception):
    """Raised for bytes that are not a complete image."""


def is_safe_id(text: str) -> bool:
    """Tells whether the id of a painting, whoever wrote it, can be the name of a file."""
    return _SAFE_ID.fullmatch(text) is not None


@dataclass(frozen=True)
class StoredImage:
    """The facts about a stored image file: its width and height in pixels and its SHA-256."""

    width: int
    height: int
    sha256: str


class ImageStore:
    """A folder of JPEG files that are named by the ids of their paintings.

    An image is written into `scratch`, which must be on the same disk, and renamed when it is
    complete. So no half-written file is ever among the images, whenever the process is killed.

    Args:
        folder: The folder of the images.
        scratch: A folder for the file that is being written.
        max_size: The longest side of a stored image in pixels, or None for any.
    """

    def __init__(self, folder: Path, scratch: Path, max_size: int | None = None) -> None:
        self.folder = folder
        self._partial = scratch / "partial.jpg"
        self._max_size = max_size
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, painting: str) -> Path:
        """Returns the path of a painting's image, whether it exists or not.

        Raises:
            UserError: The painting's id cannot be the name of a file. Pages and metadata with such
                ids are refused before, but the state's file may be anybody's.
        """
        if not is_safe_id(painting):
            raise UserError(
                f"{self._partial.parent} was not written by kerasgan: move it away. "
                f"Received: an id {clean_text(painting, 40)!r}"
            )
        return self.folder / f"{painting}.jpg"

    def ids(self) -> set[str]:
        """Returns the ids of the paintings whose images are stored."""
        with os.scandir(self.folder) as entries:
            # Reading a pipe would never end.
            files = (entry.name for entry in entries if entry.is_file())
            return {name[:-4] for name in files if name.endswith(".jpg")}

    def store(self, painting: str, content: bytes) -> StoredImage:
        """Checks the content of an image file by decoding all of it, and stores it.

        A JPEG file within `max_size` is stored byte for byte. A larger image is scaled down, and
        an image of another format is converted, both at JPEG quality 95.

        Raises:
            NotAnImage: It is no image, or is truncated, corrupt, or of more pixels than Pillow
                deems safe (twice `PIL.Image.MAX_IMAGE_PIXELS`).
            UserError: The file cannot be written.
        """
        stored, content = _checked(content, self._max_size)
        path = self.path(painting)
        try:
            self._partial.unlink(missing_ok=True)
            with self._partial.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._partial.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                self._partial.unlink()
            raise UserError(f"Cannot write {path}: {error.strerror}") from error
        return stored

    def read(self, painting: str) -> StoredImage:
        """Checks a stored image, and returns the facts about it.

        Raises:
            NotAnImage: As `store`.
            UserError: The file cannot be read.
        """
        path = self.path(painting)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(f"Cannot read {path}: {error.strerror}") from error
        return _checked(content, None)[0]


def _checked(content: bytes, max_size: int | None) -> tuple[StoredImage, bytes]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                image.load()
                is_jpeg = image.format in ("JPEG", "MPO")
                is_small = max_size is None or max(image.size) <= max_size
                if not (is_jpeg and is_small):
                    image, content = _converted(image, max_size)
                width, height = image.size
    except UnidentifiedImageError:
        raise NotAnImage(f"it begins with {content[:16]!r}") from None
    except Exception as error:
        # Decoders raise nearly anything on a corrupt file.
        raise NotAnImage(str(error) or type(error).__name__) from error
    return StoredImage(width, height, hashlib.sha256(content).hexdigest()), content


def _converted(image: Image.Image, max_size: int | None) -> tuple[Image.Image, bytes]:
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode in _OTHER_COLOURS:
        profile = None
    image = flattened(image, "white")
    if max_size is not None:
        image.thumbnail((max_size, max_size), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY, subsampling=0, icc_profile=profile)
    return image, file.getvalue()
