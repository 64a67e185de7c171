"""What picture files say they were drawn from, and whether that can be true."""

import json
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile

from kerasgan.drawing.drawable import own_size
from kerasgan.drawing.overwriting import KEYWORD
from kerasgan.drawing.provenance import BATCH_SIZE, SETTINGS, Provenance
from kerasgan.errors import UserError
from kerasgan.files.regular_file import open_regular
from kerasgan.files.user_path import user_path
from kerasgan.version import SIGNATURE_START, __version__

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

# Deflate makes nothing shorter than this part of its input (RFC 1951: 258 bytes in two bits).
_SHORTEST = 1032


class UnreadableSettings(UserError):
    """The settings of a picture that kerasgan drew are damaged or of another version."""


def read_provenance(path: str | Path) -> Provenance:
    """Reads what a PNG file, or an animation as GIF or WebP, says it was drawn from.

    Pixels are not decoded: a picture may be of any size.

    Raises:
        UserError: The file is missing, is not a picture or was not drawn by kerasgan from a model,
            or its settings are damaged or of another version.
    """
    path = user_path(path)
    try:
        with open_regular(path) as file:
            text = _text(file)
    except UnidentifiedImageError:
        raise UserError(f"{path} is not a picture") from None
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"Cannot read {path}: {reason}") from None
    if SETTINGS not in text or not str(text.get(KEYWORD)).startswith(SIGNATURE_START):
        raise UserError(
            f"{path} does not say what it was drawn from: the .png files, and the animations, that "
            "kerasgan draws from a model do; a .jpg, and the grids of a training, do not"
        )
    try:
        # International text is a subclass of str, which msgspec does not take.
        return msgspec.json.decode(str(text[SETTINGS]), type=Provenance)
    except msgspec.DecodeError as error:
        raise UnreadableSettings(
            f"The settings in {path} are damaged or of another version than this kerasgan "
            f"{__version__} ({text[KEYWORD]}): {error}"
        ) from None


def check_plausible(path: str | Path, model: "Drawable", provenance: Provenance) -> None:
    """Refuses settings of a PNG file that describe more than the file can hold.

    So drawing a file again never takes more than drawing it took the first time, whoever wrote
    its settings.

    Args:
        path: The file.
        model: The model that draws it again.
        provenance: What `read_provenance` read from the file.

    Raises:
        UserError: The file is smaller than what it describes.
    """
    with open_regular(path) as file:
        length = os.fstat(file.fileno()).st_size
        try:
            with PngImageFile(file) as picture:
                width, height = picture.size
        except SyntaxError:
            return  # It is an animation, which is not drawn again from its file.
    size = (provenance.size or own_size(model)).times(provenance.upscale)
    count = provenance.count(model.latent_dim)
    if provenance.show is None:
        fits = count * size.pixels <= width * height
    else:
        fits = (size.width, size.height) == (
            width,
            height,
        ) and provenance.show < count <= BATCH_SIZE
    if not fits or width * height > _SHORTEST * length:
        raise UserError(
            f"{path} says that it shows {count:,} pictures of {size}, which its {width}x{height} "
            f"pixels in {length:,} bytes cannot hold; its settings are damaged"
        )


def _text(file: BinaryIO) -> dict[str, str]:
    """Returns the texts that a file carries; none if kerasgan did not write it."""
    try:
        # Unlike `Image.open`, it accepts pictures of any size.
        with PngImageFile(file) as picture:
            return {str(name): text for name, text in picture.info.items()}
    except SyntaxError:
        pass  # It is not a PNG.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file.seek(0)
            with Image.open(file) as picture:
                comment = picture.info.get("comment")
                comment = comment or picture.getexif().get(ExifTags.Base.ImageDescription)
        text = json.loads(comment or "null")
    except (TypeError, ValueError, Image.DecompressionBombError):
        return {}
    return text if isinstance(text, dict) else {}
