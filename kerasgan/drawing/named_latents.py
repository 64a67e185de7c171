"""The latent that a user names by a seed, a file or a picture."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from kerasgan.drawing.encoding import STEPS, encode, read_image
from kerasgan.drawing.latents import checked_seed, latents_of, read_latents, seeded_latents
from kerasgan.drawing.metadata import read_provenance
from kerasgan.drawing.provenance import LAST_NUMBER, fingerprint
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.models.generative_model import Labels
from kerasgan.shortened import shortened

_SEED = re.compile(r"(-?[0-9]+)(?::([0-9]+))?")
# 64 bits have 19 digits, and there may be a zero before them.
_MOST_DIGITS = 20


def resolve_latent(
    model: AdversarialModel,
    text: str | Path,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    steps: int = STEPS,
    progress: bool = False,
) -> np.ndarray:
    """Returns the latent that a user names.

    Args:
        model: The model.
        text: One of these. A seed, `"7"`, stands for its first latent; `"7:3"` for its latent
            number 3, counted from 0, as `kerasgan sample` writes it into a picture as the latent
            seed. A `.npy` file holds one latent. A picture that the model itself drew gives the
            very latent it was drawn from, an animation that of its first picture; any other
            picture is encoded.
        labels: For a conditional model, the class that a picture is encoded as.
        steps: Steps of gradient descent; see `kerasgan.drawing.encode`.
        progress: Whether to show a progress bar on stderr while a picture is encoded.

    Returns:
        float32 `(latent_dim,)`.

    Raises:
        UserError: There is no such file, or it does not hold exactly one latent of the model.
    """
    text = str(text)
    if seed := _SEED.fullmatch(text):
        if max(map(len, seed.groups(""))) > _MOST_DIGITS or int(seed[2] or 0) > LAST_NUMBER:
            raise UserError(
                f"A seed has at most 64 bits, and its latents' numbers go to {LAST_NUMBER:,}. "
                f"Received: {shortened(text)}"
            )
        return seeded_latents(model, checked_seed(int(seed[1])), (int(seed[2] or 0),))[0]
    path = Path(text)
    if path.suffix.lower() == ".npy":
        latents = read_latents(path, model.latent_dim)
        if len(latents) != 1:
            raise UserError(f"{path} holds {len(latents)} latents; use a file of one")
        return latents[0]
    if not path.is_file():
        raise UserError(
            f"{text!r} is neither a seed nor a file; use 7, 7:3, a .npy file or a picture"
        )
    drawn = _latent_on_file(model, path)
    if drawn is not None:
        return drawn
    image = read_image(path, model)[np.newaxis]
    return encode(model, image, labels, steps=steps, progress=progress).latents[0]


def _latent_on_file(model: AdversarialModel, path: Path) -> np.ndarray | None:
    """Returns the latent of a picture that this model drew; `None` for any other picture."""
    try:
        provenance = read_provenance(path)
    except UserError:
        return None
    if provenance.weights != fingerprint(model):
        return None
    latents = latents_of(model, provenance)
    if provenance.show is not None or provenance.motion is not None:
        return latents[provenance.show or 0]
    if len(latents) > 1:
        raise UserError(
            f"{path} is a grid of {len(latents)} pictures; use a file of one, or a seed and "
            f"number, such as {provenance.seed}:3"
        )
    return latents[0]
