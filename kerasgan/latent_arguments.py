"""The checks of latents that all who draw share."""

from typing import Any

import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.errors import UserError, shortened


def image_count(latents: Any, latent_dim: int) -> int:
    """Returns how many images are asked for by the number that stands for latents.

    Args:
        latents: A scalar.
        latent_dim: Length of the model's latents, for the message.

    Raises:
        ValueError: It is not an integer of at least 1.
    """
    try:
        return whole_number("latents", latents, least=1)
    except ValueError:
        raise UserError(
            "latents must be the number of images, an integer of at least 1, or an array "
            f"(n, {latent_dim}). Received: latents={shortened(repr(latents))}"
        ) from None


def latent_array(latents: Any, latent_dim: int) -> np.ndarray:
    """Returns latents as float32 `(n, latent_dim)`, n at least 1.

    Raises:
        ValueError: They have another shape.
    """
    latents = np.asarray(latents, np.float32)
    if latents.ndim != 2 or latents.shape[1] != latent_dim or not len(latents):
        raise UserError(f"Latents must have the shape (n, {latent_dim}). Received: {latents.shape}")
    return latents
