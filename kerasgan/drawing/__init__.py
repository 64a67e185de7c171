"""From images to pictures."""

from kerasgan.drawing.grid import grid
from kerasgan.drawing.picture import save_picture, to_picture
from kerasgan.drawing.render import render, render_to_file

__all__ = ["grid", "render", "render_to_file", "save_picture", "to_picture"]
