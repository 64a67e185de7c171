"""A latent as a file."""

import json
from pathlib import Path

import numpy as np

from kerasgan.errors import UserError


def read_latent(path: str | Path, *, latent_dim: int) -> np.ndarray:
    """Reads one latent.

    Args:
        path: A `.npy` file of shape `(latent_dim,)` or `(1, latent_dim)`, or a `.json` file that
            holds a list of numbers.
        latent_dim: How many numbers there must be.

    Returns:
        `(latent_dim,)`, float32.

    Raises:
        UserError: The file cannot be read, or holds something else.
    """
    path = Path(path)
    readers = {".npy": _read_npy, ".json": _read_json}
    if path.suffix.lower() not in readers:
        raise UserError(f"{path}: a latent is a {' or '.join(readers)} file")
    try:
        latent = np.asarray(readers[path.suffix.lower()](path), np.float32)
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror or error}") from error
    except (ValueError, TypeError, EOFError) as error:
        raise UserError(f"{path} holds no list of numbers: {error}") from error
    if latent.shape not in ((latent_dim,), (1, latent_dim)) or not np.isfinite(latent).all():
        raise UserError(
            f"{path} must hold one latent of {latent_dim} finite numbers. "
            f"Received: numbers of shape {latent.shape}"
        )
    return latent.reshape(latent_dim)


def _read_npy(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _read_json(path: Path) -> list:
    return json.loads(path.read_text(encoding="utf-8"))
