"""Pictures of a compositional pattern-producing network at sizes that are not its own."""

import numpy as np

from kerasgan.drawing.any_size.strips import fill, strips
from kerasgan.drawing.any_size.tile import tile_drawer
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.models.generative_model import GenerativeModel
from kerasgan.networks.cppn_render import is_cppn


def check_any_size(model: GenerativeModel, name: str = "") -> None:
    """Raises UserError if a model draws at its own size alone."""
    if is_cppn(model.sampling_generator):
        return
    height, width, _ = model.image_shape
    raise UserError(
        f"{name or 'The model'} draws {width}x{height} pixels alone; only compositional "
        "pattern-producing networks draw at any size, zoom and pan"
    )


def draw_at_size(model: GenerativeModel, latents: np.ndarray, size: Size, view: View) -> np.ndarray:
    """Draws pictures at any size, one after the other.

    Args:
        model: A model whose generator is a CPPN.
        latents: `(n, latent_dim)`, float32.
        size: Of each picture.
        view: What each shows.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1].

    Raises:
        UserError: The generator is no CPPN.
    """
    check_any_size(model)
    shape = (len(latents), size.height, size.width, model.image_shape[2])
    images = np.empty(shape, np.float32)
    for image, latent in zip(images, latents, strict=True):
        fill(image, strips(tile_drawer(model, latent, size, view), size))
    return images
