"""From a provenance to its pictures, the same in bits each time."""

import hashlib
from pathlib import Path

import numpy as np
import tensorflow as tf

from kerasgan.drawing.any_size.any_size import draw_at_size
from kerasgan.drawing.any_size.draw_to_file import draw_to_file, size_of
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.captions import captioned
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.grid import grid
from kerasgan.drawing.latents import truncate
from kerasgan.drawing.mixed_labels import generate_mixed
from kerasgan.drawing.picture import negative, to_uint8
from kerasgan.drawing.plausible import check_in_memory, picture_count
from kerasgan.drawing.provenance import BATCH_SIZE, Provenance, unpacked
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel

# A picture of more is not held in memory: in colour and float32, this many take 384 MiB.
_LARGE = 2**25


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
        UserError: The model's weights have changed since, or do not fit; it is an animation.
    """
    check_source(model, provenance)
    try:
        return show(draw(model, provenance), provenance)
    except (ValueError, IndexError, tf.errors.InvalidArgumentError) as error:
        raise _misfit(error) from None


def redraw_to_file(
    model: AdversarialModel, provenance: Provenance, path: str | Path, *, progress: bool = False
) -> Path:
    """Draws a picture again, as `redraw` does, into a file of the format that the ending names.

    One that is too large for memory is drawn into its file strip by strip, in one of the formats
    of `kerasgan.drawing.render_to_file`.

    Raises:
        UserError: As `redraw`; the format cannot hold the picture, or the file cannot be written.
    """
    single = provenance.show is not None and provenance.size is not None
    if not single or provenance.size[0] * provenance.size[1] <= _LARGE:
        return redraw(model, provenance).save(path)
    check_source(model, provenance)
    try:
        latent = latents_of(model, provenance)[provenance.show]
    except IndexError as error:
        raise _misfit(error) from None
    return draw_to_file(model, latent, provenance, Path(path), progress=progress)


def draw(model: AdversarialModel, provenance: Provenance) -> np.ndarray:
    """Returns all pictures of a provenance.

    `(n, height, width, channels)`, float32 in [0, 1], or uint8 where they are inverted.

    Raises:
        UserError: They would take too much memory.
    """
    images = _drawn(model, provenance)
    return negative(to_uint8(images)) if provenance.invert else images


def _drawn(model: AdversarialModel, provenance: Provenance) -> np.ndarray:
    check_in_memory(model, picture_count(model, provenance), provenance.size)
    latents = latents_of(model, provenance)
    labels = {name: list(values) for name, values in provenance.labels.items()}
    if provenance.size is not None:
        view = View(provenance.zoom, provenance.centre)
        return draw_at_size(model, latents, size_of(provenance), view)
    if any(isinstance(label, dict) for values in labels.values() for label in values):
        return generate_mixed(model, latents, labels)
    return model.generate(latents, labels or None, seed=0, batch_size=BATCH_SIZE)


def show(images: np.ndarray, provenance: Provenance) -> DrawnPicture:
    """Returns the picture that a provenance's file shows, of all that `draw` gave."""
    if provenance.show is not None:
        return DrawnPicture(images[provenance.show], provenance)
    if provenance.captions:
        images = captioned(images, provenance.label_texts())
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


def checked_seed(seed: int) -> int:
    """Returns a seed that a file can keep.

    Raises:
        ValueError: It has more than 64 bits.
    """
    if not -(2**63) <= seed < 2**63:
        raise ValueError(f"A seed must have at most 64 bits. Received: {seed}")
    return int(seed)


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


def check_source(model: AdversarialModel, provenance: Provenance) -> None:
    """Refuses what this model does not draw again.

    Raises:
        UserError: As `redraw`.
    """
    if provenance.motion is not None:
        raise UserError(
            "An animation is not drawn again from its file, only pictures are: write a folder, "
            "whose frames are, or call `kerasgan morph` once more"
        )
    if fingerprint(model) != provenance.weights:
        raise UserError(
            f"The weights of {provenance.model or 'the model'} are not those that drew the "
            "picture; get the model as it was then"
        )


def _misfit(error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    return UserError(f"The picture's settings do not fit the model: {error}")
