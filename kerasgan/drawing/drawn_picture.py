"""A picture that knows what it was drawn from."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.drawing.picture import save_picture, to_picture
from kerasgan.drawing.provenance import Provenance


@dataclass(frozen=True, eq=False)
class DrawnPicture:
    """A picture and its provenance. A notebook shows it as it is.

    Attributes:
        image: `(height, width, channels)`, float32 in [0, 1] or uint8.
        provenance: What it was drawn from.
    """

    image: np.ndarray
    provenance: Provenance

    def picture(self) -> Image.Image:
        """Returns it as a Pillow picture."""
        return to_picture(self.image)

    def save(self, path: str | Path) -> Path:
        """Writes it in the format that the ending names; a PNG says what it was drawn from.

        Raises:
            UserError: As `kerasgan.drawing.save_picture`.
        """
        return save_picture(self.image, path, text=self.provenance.text())

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.picture().save(file, format="PNG")
        return file.getvalue()
