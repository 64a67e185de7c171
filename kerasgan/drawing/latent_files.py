"""Latents in files, in NumPy's own format."""

from pathlib import Path

import numpy as np

from kerasgan.errors import UserError
from kerasgan.files import atomic_write, check_writable
from kerasgan.npy_file import read_npy


def write_latents(latents: np.ndarray, path: str | Path) -> Path:
    """Writes latents `(n, latent_dim)` to a `.npy` file, float32, whole or not at all.

    Raises:
        UserError: The file's ending is another, or it cannot be written.
    """
    path = check_latent_path(path)
    with atomic_write(path) as file:
        np.save(file, np.asarray(latents, np.float32), allow_pickle=False)
    return path


def check_latent_path(path: str | Path) -> Path:
    """Returns a path that latents can be written to, before they are looked for.

    Raises:
        UserError: As `write_latents`.
    """
    path = Path(path)
    if path.suffix.lower() != ".npy":
        raise UserError(f"{path}: latents are kept in .npy files; give such a name")
    check_writable(path.parent)
    return path


def read_latents(path: str | Path, latent_dim: int) -> np.ndarray:
    """Reads the latents in a `.npy` file.

    Args:
        path: The file: one latent `(latent_dim,)` or several `(n, latent_dim)`, of any real dtype.
        latent_dim: What the model takes.

    Returns:
        float32 `(n, latent_dim)`.

    Raises:
        UserError: The file is missing or no array, or its latents have another length or are not
            finite.
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
