"""From a provenance to its pictures, the same in bits each time."""

import hashlib

import numpy as np
import tensorflow as tf

from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.grid import grid
from kerasgan.drawing.latents import truncate
from kerasgan.drawing.mixed_labels import generate_mixed
from kerasgan.drawing.provenance import Provenance, unpacked
from kerasgan.drawing.sizes import draw_at_size
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel

# Part of what makes a picture the same in bits; another number may change their last ones.
BATCH_SIZE = 64


def fingerprint(model: AdversarialModel) -> str:
    """Returns the sha256 of the weights that a model draws with, its first 16 digits."""
    digest = hashlib.sha256()
    for weight in model.sampling_generator.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()[:16]


def redraw(model: AdversarialModel, provenance: Provenance) -> DrawnPicture:
    """Draws a picture again from what it says it was drawn from.

    On the same machine and versions it is the same in bits.

    Raises:
        UserError: The model's weights have changed since, or do not fit.
    """
    if fingerprint(model) != provenance.weights:
        raise UserError(
            f"The weights of {provenance.model or 'the model'} are not those that drew the "
            "picture; get the model as it was then"
        )
    try:
        return show(draw(model, provenance), provenance)
    except (ValueError, IndexError, tf.errors.InvalidArgumentError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"The picture's settings do not fit the model: {error}") from None


def draw(model: AdversarialModel, provenance: Provenance) -> np.ndarray:
    """Returns all pictures of a provenance, `(n, height, width, channels)` float32 in [0, 1]."""
    latents = latents_of(model, provenance)
    labels = {name: list(values) for name, values in provenance.labels.items()}
    if provenance.size is not None:
        return draw_at_size(
            model, latents, provenance.size, zoom=provenance.zoom, centre=provenance.centre
        )
    if any(isinstance(label, dict) for values in labels.values() for label in values):
        return generate_mixed(model, latents, labels)
    return model.generate(latents, labels or None, seed=0, batch_size=BATCH_SIZE)


def show(images: np.ndarray, provenance: Provenance) -> DrawnPicture:
    """Returns the picture that a provenance's file shows, of all that `draw` gave."""
    if provenance.show is not None:
        return DrawnPicture(images[provenance.show], provenance)
    return DrawnPicture(grid(images, columns=provenance.columns), provenance)


def latents_of(model: AdversarialModel, provenance: Provenance) -> np.ndarray:
    """Returns the latents of a provenance, `(n, latent_dim)` float32."""
    if provenance.latents:
        return unpacked(provenance.latents, model.latent_dim)
    return seeded_latents(
        model, provenance.seed, provenance.numbers, truncation=provenance.truncation
    )


def checked_latents(model: AdversarialModel, latents: np.ndarray) -> np.ndarray:
    """Returns latents as float32 `(n, latent_dim)`.

    Raises:
        ValueError: They have another shape or are not finite.
    """
    latents = np.asarray(latents, np.float32)
    if latents.ndim != 2 or latents.shape[1] != model.latent_dim or not len(latents):
        raise ValueError(
            f"Latents must have the shape (n, {model.latent_dim}). Received: {latents.shape}"
        )
    if not np.isfinite(latents).all():
        raise ValueError("Latents must be finite")
    return latents


def seeded_latents(
    model: AdversarialModel,
    seed: int,
    numbers: tuple[int, ...],
    *,
    truncation: float | None = None,
) -> np.ndarray:
    """Returns the latents of these numbers among those that a seed draws."""
    # The first of many latents of a seed are those of few.
    latents = model.draw_latents(max(numbers) + 1, seed=seed)[list(numbers)]
    return latents if truncation is None else truncate(latents, truncation)
