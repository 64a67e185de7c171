"""From images to pictures."""

from kerasgan.drawing.grid import grid
from kerasgan.drawing.picture import save_picture, to_picture

__all__ = ["grid", "save_picture", "to_picture"]
