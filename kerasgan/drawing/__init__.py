"""From models to pictures, and from images to picture files.

>>> from kerasgan import zoo
>>> from kerasgan.drawing import sample
>>> gan = zoo.load("pokemon_wgan")
>>> sample(gan, 16, seed=0, name="pokemon_wgan").grid().save("creatures.png")
"""

from kerasgan.drawing.animation import Animation, save_animation
from kerasgan.drawing.any_size.render import render, render_to_file
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.blend import blend
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.encode import Encoding, encode
from kerasgan.drawing.grid import grid
from kerasgan.drawing.latent_files import read_latents, write_latents
from kerasgan.drawing.latents import lerp, slerp, truncate
from kerasgan.drawing.morph import morph
from kerasgan.drawing.picture import save_picture, to_picture
from kerasgan.drawing.provenance import Provenance
from kerasgan.drawing.read_provenance import read_provenance
from kerasgan.drawing.redraw import redraw, redraw_to_file
from kerasgan.drawing.sample import Samples, sample
from kerasgan.drawing.sampler import Sampler

__all__ = [
    "Animation",
    "DrawnPicture",
    "Encoding",
    "Provenance",
    "Sampler",
    "Samples",
    "View",
    "blend",
    "encode",
    "grid",
    "lerp",
    "morph",
    "read_latents",
    "read_provenance",
    "redraw",
    "redraw_to_file",
    "render",
    "render_to_file",
    "sample",
    "save_animation",
    "save_picture",
    "slerp",
    "to_picture",
    "truncate",
    "write_latents",
]
