"""From a picture file to what it was drawn from."""

import json
import warnings
from pathlib import Path
from typing import BinaryIO

import msgspec
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile

import kerasgan
from kerasgan.drawing.provenance import SETTINGS, Provenance
from kerasgan.errors import UserError
from kerasgan.regular_file import open_regular


def read_provenance(path: str | Path) -> Provenance:
    """Reads what a PNG file, or an animation as GIF or WebP, says it was drawn from.

    Pixels are not decoded: a picture may be of any size.

    Raises:
        UserError: The file is missing, no picture, none that kerasgan drew from a model, or its
            settings are damaged or of another version.
    """
    try:
        with open_regular(path) as file:
            text = _text(file)
    except UnidentifiedImageError:
        raise UserError(f"{path} is not a picture") from None
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"Cannot read {path}: {reason}") from None
    if SETTINGS not in text or not str(text.get("Software")).startswith("kerasgan "):
        raise UserError(
            f"{path} does not say what it was drawn from; only .png files and animations that "
            "kerasgan drew do"
        )
    try:
        # International text is a subclass of str, which msgspec does not take.
        return msgspec.json.decode(str(text[SETTINGS]), type=Provenance)
    except msgspec.DecodeError as error:
        raise UserError(
            f"The settings in {path} are damaged or of another version than this kerasgan "
            f"{kerasgan.__version__} ({text['Software']}): {error}"
        ) from None


def _text(file: BinaryIO) -> dict[str, str]:
    """Returns the texts that a file carries; none if it is no file of kerasgan."""
    try:
        # Unlike `Image.open` it takes pictures of any size.
        with PngImageFile(file) as picture:
            return picture.info
    except SyntaxError:
        pass  # It is no PNG.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file.seek(0)
            with Image.open(file) as picture:
                comment = picture.info.get("comment")
                comment = comment or picture.getexif().get(ExifTags.Base.ImageDescription)
        text = json.loads(comment)
    except (TypeError, ValueError, Image.DecompressionBombError):
        return {}
    return text if isinstance(text, dict) else {}
