"""Images as picture files."""

from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.files import atomic_write


def to_picture(image: np.ndarray) -> Image.Image:
    """Returns an image `(height, width, 1 or 3)`, float in [0, 1] or uint8, as a Pillow picture.

    Values outside are clipped; NaN, which a diverged network draws, is black.
    """
    image = np.asarray(image)
    if image.dtype != np.uint8:
        image = np.rint(np.clip(np.nan_to_num(image), 0.0, 1.0) * 255.0).astype(np.uint8)
    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)


def save_picture(image: np.ndarray, path: str | Path) -> Path:
    """Writes an image, in the format that the file's ending names; never half a file.

    Raises:
        UserError: The ending names no picture format, or the file cannot be written.
    """
    path = Path(path)
    formats = Image.registered_extensions()
    if formats.get(path.suffix.lower()) not in Image.SAVE:
        raise UserError(f"{path}: {path.suffix or 'no ending'} is not a picture format; try .png")
    picture = to_picture(image)
    with atomic_write(path) as file:
        picture.save(file, format=formats[path.suffix.lower()])
    return path
