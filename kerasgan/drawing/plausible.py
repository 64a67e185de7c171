"""Whether a picture's settings, which may be anyone's, ask for what can be."""

import os
from pathlib import Path

from PIL.PngImagePlugin import PngImageFile

from kerasgan.drawing.provenance import BATCH_SIZE, MOST_PICTURES, Provenance
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.models.generative_model import GenerativeModel
from kerasgan.regular_file import open_regular

# Values of pictures that are held at once: 384 MiB in float32, and a grid of them as much again.
_LARGEST = 3 * 2**25
# Deflate makes nothing shorter than this (RFC 1951: 258 bytes in two bits).
_SHORTEST = 1032


def check_in_memory(
    model: GenerativeModel, count: int, size: tuple[int, int] | None = None
) -> None:
    """Refuses to hold more pictures at once than machines have room for.

    Args:
        model: The model that draws them.
        count: How many they are.
        size: (height, width); `None` is the model's own.

    Raises:
        UserError: They are too many or too large, or a side is out of range.
    """
    height, width = size or model.image_shape[:2]
    Size(width, height)
    each = height * width * model.image_shape[2]
    most = min(_LARGEST // each, MOST_PICTURES)
    if count > most:
        raise UserError(
            f"{count:,} pictures of {width}x{height} do not fit in memory together; draw at most "
            f"{most:,} at once, or smaller ones"
        )


def check_plausible(path: str | Path, model: GenerativeModel, provenance: Provenance) -> None:
    """Refuses settings of a PNG file that describe more than the file can hold.

    Drawing what a file describes then takes no more than drawing the file once did.

    Args:
        path: The file.
        model: The model that it is drawn with.
        provenance: What `read_provenance` read in the file.

    Raises:
        UserError: The file is smaller than what it describes.
    """
    with open_regular(path) as file:
        length = os.fstat(file.fileno()).st_size
        try:
            with PngImageFile(file) as picture:
                shown = picture.size
        except SyntaxError:
            return  # An animation, which is not drawn from its file.
    height, width = provenance.size or model.image_shape[:2]
    count = picture_count(model, provenance)
    if provenance.show is None:
        fits = count * width * height <= shown[0] * shown[1]
    else:
        fits = (width, height) == shown and provenance.show < count <= BATCH_SIZE
    if not fits or shown[0] * shown[1] > _SHORTEST * length:
        raise UserError(
            f"{path} says that it shows {count:,} pictures of {width}x{height}, which its "
            f"{shown[0]}x{shown[1]} pixels in {length:,} bytes cannot; its settings are damaged"
        )


def picture_count(model: GenerativeModel, provenance: Provenance) -> int:
    """Returns how many pictures are drawn, of which a file may show one."""
    if provenance.latents:
        return len(provenance.latents) * 3 // 4 // (4 * model.latent_dim)
    return len(provenance.numbers)
