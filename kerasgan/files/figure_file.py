"""Writing figures of matplotlib."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.files.atomic import atomic_path
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Lines and text need few, and the file has a third of the bytes.
_COLORS = 64


def save_figure(figure: "Figure", path: str | Path, *, software: str = "kerasgan") -> None:
    """Writes a figure as a PNG file of at most 64 colours, completely or not at all.

    Args:
        figure: The figure.
        path: The file.
        software: What the file says that it was written by.

    Raises:
        UserError: See `atomic_path`.
    """
    drawn, info = io.BytesIO(), PngInfo()
    figure.savefig(drawn, dpi=100, format="png")
    info.add_text("Software", software)
    with Image.open(drawn, formats=["PNG"]) as picture:
        paletted = picture.convert("RGB").quantize(_COLORS)
    with atomic_path(user_path(path)) as temporary:
        paletted.save(temporary, format="png", optimize=True, pnginfo=info)
