"""Pictures of a compositional pattern-producing network at sizes that are not its own."""

import numpy as np
import tensorflow as tf

from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.networks.cppn_render import cppn_render, is_cppn

# A band of rows has at most so many pixels: 128 float32 channels of it are 32 MiB.
_PIXELS = 65_536


def check_any_size(model: AdversarialModel, size: tuple[int, int] | None, name: str = "") -> None:
    """Raises UserError if a size is given to a model that draws at its own size alone."""
    if size is None or is_cppn(model.sampling_generator):
        return
    height, width, _ = model.image_shape
    raise UserError(
        f"{name or 'The model'} draws {width}x{height} pixels alone; only compositional "
        "pattern-producing networks draw at any size, zoom and pan"
    )


def draw_at_size(
    model: AdversarialModel,
    latents: np.ndarray,
    size: tuple[int, int],
    *,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """Draws pictures at any size, one after the other in bands of rows.

    Args:
        model: A model whose generator is a CPPN.
        latents: `(n, latent_dim)`.
        size: (height, width).
        zoom: See `kerasgan.networks.cppn_render`.
        centre: See there.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1].

    Raises:
        UserError: The generator is no CPPN.
        ValueError: A size, zoom or centre is impossible.
    """
    check_any_size(model, size)
    height, width = size
    rows = max(1, _PIXELS // max(1, width))
    pictures = []
    for latent in np.asarray(latents, np.float32):
        bands = [
            cppn_render(
                model.sampling_generator,
                latent[np.newaxis],
                height=height,
                width=width,
                zoom=zoom,
                centre=centre,
                rows=(first, min(first + rows, height)),
            )[0]
            for first in range(0, max(1, height), rows)
        ]
        pictures.append(model.image_range.to_user(tf.concat(bands, axis=0)).numpy())
    return np.stack(pictures)
