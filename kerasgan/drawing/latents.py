"""Latents of seeds and of `.npy` files, checked and truncated."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.drawing.provenance import Provenance, unpacked
from kerasgan.errors import UserError
from kerasgan.files import atomic_write, check_writable
from kerasgan.npy_file import read_npy

if TYPE_CHECKING:
    from kerasgan.models.generative_model import GenerativeModel


def seeded_latents(
    model: "GenerativeModel",
    seed: int,
    numbers: tuple[int, ...],
    *,
    truncation: float | None = None,
) -> np.ndarray:
    """Returns the latents with these numbers, counted from 0, among those of a seed.

    Returns:
        float32 `(len(numbers), latent_dim)`.
    """
    # A seed's first latents are the same however many follow.
    latents = model.draw_latents(max(numbers) + 1, seed=seed)[list(numbers)]
    return latents if truncation is None else truncate(latents, truncation)


def latents_of(model: "GenerativeModel", provenance: Provenance) -> np.ndarray:
    """Returns the latents of a provenance, `(n, latent_dim)` float32."""
    if provenance.latents or provenance.seed is None:
        return unpacked(provenance.latents, model.latent_dim)
    return seeded_latents(
        model, provenance.seed, provenance.numbers, truncation=provenance.truncation
    )


def truncate(latents: np.ndarray, threshold: float) -> np.ndarray:
    """Maps samples of N(0, 1) to samples of N(0, 1) cut off at +-threshold.

    Brock et al. resample every value whose magnitude is above a threshold, which gives likelier
    pictures with less variety. This is the same distribution by its inverse,

        z' = Phi^-1(Phi(-c) + (Phi(c) - Phi(-c)) Phi(z))

    with the distribution function Phi of N(0, 1) and the threshold c, so that a latent moves
    continuously as c falls, and its picture stays recognizable at another threshold.

    Reference:
        Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
        Synthesis", 2019, https://arxiv.org/abs/1809.11096, section 3.1.

    Args:
        latents: Samples of N(0, 1), of any shape.
        threshold: c, positive.

    Returns:
        float32 in [-threshold, threshold], of the shape of `latents`.

    Raises:
        ValueError: The threshold is not positive.
    """
    import tensorflow as tf

    if not threshold > 0.0:
        raise ValueError(f"truncation must be positive. Received: truncation={threshold}")
    z = tf.constant(latents, tf.float64)

    def phi(value: tf.Tensor | float) -> tf.Tensor:
        return 0.5 * tf.math.erfc(-tf.cast(value, tf.float64) / np.sqrt(2.0))

    low, high = phi(-threshold), phi(threshold)
    # Far in the upper tail Phi rounds to 1, so that tail is computed as the mirror of the lower.
    lower = tf.math.ndtri(low + (high - low) * phi(-tf.abs(z)))
    return np.clip((-tf.sign(z) * lower).numpy(), -threshold, threshold).astype(np.float32)


def checked_latents(model: "GenerativeModel", latents: np.ndarray) -> np.ndarray:
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


def write_latents(latents: np.ndarray, path: str | Path) -> Path:
    """Writes latents `(n, latent_dim)` to a `.npy` file, float32, whole or not at all.

    Raises:
        UserError: The file's ending is not .npy, or it cannot be written.
    """
    path = check_latent_path(path)
    with atomic_write(path) as file:
        np.save(file, np.asarray(latents, np.float32), allow_pickle=False)
    return path


def check_latent_path(path: str | Path) -> Path:
    """Returns a path that latents can be written to, checked before they are computed.

    Raises:
        UserError: As `write_latents`.
    """
    path = Path(path)
    if path.suffix.lower() != ".npy":
        raise UserError(f"{path}: latents are kept in .npy files; choose such a name")
    check_writable(path.parent)
    return path


def read_latents(path: str | Path, latent_dim: int) -> np.ndarray:
    """Reads the latents in a `.npy` file.

    Args:
        path: The file: one latent `(latent_dim,)` or several `(n, latent_dim)`, of any real dtype.
        latent_dim: Length of the model's latents.

    Returns:
        float32 `(n, latent_dim)`.

    Raises:
        UserError: The file is missing or is not an array, or its latents have another length or
            are not finite.
    """
    path = Path(path)
    array = read_npy(path, what="the latents")
    if array.ndim not in (1, 2) or array.shape[-1] != latent_dim or not array.size:
        raise UserError(
            f"{path}: the model's latents have length {latent_dim}, as an array ({latent_dim},) or "
            f"(n, {latent_dim}). Received: an array of shape {array.shape}"
        )
    with np.errstate(over="ignore"):
        latents = array.reshape(-1, latent_dim).astype(np.float32)
    if not np.isfinite(latents).all():
        raise UserError(f"{path} holds latents that are not finite")
    return latents
