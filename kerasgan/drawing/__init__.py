"""From a trained model to pictures and animations, and to the files that hold them.

Names are imported when they are first used, because writing pictures needs no TensorFlow.
"""

from typing import TYPE_CHECKING

__all__ = [
    "Animation",
    "DrawnPicture",
    "Encoding",
    "LiteRTModel",
    "Provenance",
    "RandomCPPN",
    "Sampler",
    "Samples",
    "Size",
    "View",
    "blend",
    "blend_labels",
    "draw_again",
    "draw_again_to_file",
    "encode",
    "grid",
    "lerp",
    "morph",
    "optimize_latents",
    "read_latents",
    "read_provenance",
    "render",
    "render_to_file",
    "resolve_labels",
    "resolve_latent",
    "sample",
    "save_animation",
    "save_picture",
    "slerp",
    "to_picture",
    "towards_mean",
    "truncate",
    "write_latents",
]

if TYPE_CHECKING:
    from kerasgan.drawing.animation import Animation
    from kerasgan.drawing.animation_file import save_animation
    from kerasgan.drawing.any_size.rendering import render, render_to_file
    from kerasgan.drawing.any_size.view import View
    from kerasgan.drawing.arithmetic import blend, blend_labels
    from kerasgan.drawing.drawn_picture import DrawnPicture
    from kerasgan.drawing.drawn_samples import Samples
    from kerasgan.drawing.encoding import Encoding, encode, optimize_latents
    from kerasgan.drawing.from_provenance import draw_again, draw_again_to_file
    from kerasgan.drawing.ha_sampler import Sampler
    from kerasgan.drawing.image_grid import grid
    from kerasgan.drawing.interpolation import lerp, slerp
    from kerasgan.drawing.latent_files import read_latents, write_latents
    from kerasgan.drawing.latents import towards_mean, truncate
    from kerasgan.drawing.litert.model import LiteRTModel
    from kerasgan.drawing.metadata import read_provenance
    from kerasgan.drawing.morphing import morph
    from kerasgan.drawing.named_latents import resolve_labels, resolve_latent
    from kerasgan.drawing.picture import save_picture, to_picture
    from kerasgan.drawing.provenance import Provenance
    from kerasgan.drawing.samples import sample
    from kerasgan.drawing.size import Size
    from kerasgan.drawing.untrained.random_cppn import RandomCPPN
else:
    from kerasgan.lazy_members import lazy_members

    # No module may have the name of a function here: importing it would hide the function.
    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "Animation": "animation",
            "DrawnPicture": "drawn_picture",
            "Encoding": "encoding",
            "LiteRTModel": "litert.model",
            "Provenance": "provenance",
            "RandomCPPN": "untrained.random_cppn",
            "Sampler": "ha_sampler",
            "Samples": "drawn_samples",
            "Size": "size",
            "View": "any_size.view",
            "blend": "arithmetic",
            "blend_labels": "arithmetic",
            "draw_again": "from_provenance",
            "draw_again_to_file": "from_provenance",
            "encode": "encoding",
            "grid": "image_grid",
            "lerp": "interpolation",
            "morph": "morphing",
            "optimize_latents": "encoding",
            "read_latents": "latent_files",
            "read_provenance": "metadata",
            "render": "any_size.rendering",
            "render_to_file": "any_size.rendering",
            "resolve_labels": "named_latents",
            "resolve_latent": "named_latents",
            "sample": "samples",
            "save_animation": "animation_file",
            "save_picture": "picture",
            "slerp": "interpolation",
            "to_picture": "picture",
            "towards_mean": "latents",
            "truncate": "latents",
            "write_latents": "latent_files",
        },
    )
