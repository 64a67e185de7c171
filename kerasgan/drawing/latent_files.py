"""Files of latents: `.npy` files, and the `.json` files of picked pictures."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write, check_writable
from kerasgan.files.npy_file import read_npy
from kerasgan.files.regular_file import open_regular

LATENT_ENDINGS = (".npy", ".json")
_MOST_BYTES = 2**26


class _Picks(msgspec.Struct):
    """What the file of picked pictures holds."""

    model: str
    latents: dict[int, tuple[float, ...]]


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


def picks_as_json(model: str, latents: Mapping[int, np.ndarray]) -> bytes:
    """Returns what `numbered_latents` reads from the file of picked pictures.

    Args:
        model: Name of the model that drew them.
        latents: Their latents by their numbers, each float32 `(latent_dim,)`.
    """
    known = {number: tuple(latent.tolist()) for number, latent in latents.items()}
    return msgspec.json.encode(_Picks(model, known)) + b"\n"


def read_latents(path: str | Path, latent_dim: int) -> np.ndarray:
    """Reads all latents in a file; see `numbered_latents`.

    Returns:
        float32 `(n, latent_dim)`.
    """
    return np.stack(list(numbered_latents(path, latent_dim).values()))


def numbered_latents(path: str | Path, latent_dim: int) -> dict[int, np.ndarray]:
    """Reads the latents in a file, with their numbers.

    Args:
        path: A `.npy` file of one latent `(latent_dim,)` or several `(n, latent_dim)`, of any real
            dtype, which are numbered from 0; or the `.json` file of picked pictures, which have
            the numbers of their pictures.
        latent_dim: Length of the model's latents.

    Returns:
        The latents by their numbers, at least one, each float32 `(latent_dim,)`.

    Raises:
        UserError: The file is missing or is no such file, or its latents have another length or
            are not finite.
    """
    path = Path(path)
    with np.errstate(over="ignore"):
        if path.suffix.lower() == ".json":
            latents = _read_picks(path, latent_dim)
        else:
            latents = dict(enumerate(_read_array(path, latent_dim)))
    if not all(np.isfinite(latent).all() for latent in latents.values()):
        raise UserError(f"{path} holds latents that are not finite")
    return latents


def _read_array(path: Path, latent_dim: int) -> np.ndarray:
    array = read_npy(path, what="the latents")
    if array.ndim not in (1, 2) or array.shape[-1] != latent_dim or not array.size:
        raise UserError(
            f"{path}: the model's latents have length {latent_dim}, as an array ({latent_dim},) or "
            f"(n, {latent_dim}). Received: an array of shape {array.shape}"
        )
    return array.reshape(-1, latent_dim).astype(np.float32)


def _read_picks(path: Path, latent_dim: int) -> dict[int, np.ndarray]:
    try:
        with open_regular(path) as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise UserError(f"{path} has more than {_MOST_BYTES:,} bytes; it is no file of latents")
        read = msgspec.json.decode(content, type=_Picks)
    except OSError as error:
        raise UserError(f"Cannot read the latents {path}: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} does not hold the latents of picked pictures: {error}") from None
    lengths = {len(latent) for latent in read.latents.values()}
    if lengths != {latent_dim}:
        raise UserError(
            f"{path}: the model's latents have length {latent_dim}. Received: "
            f"{len(read.latents)} latents of {read.model or 'a model'}, of length "
            f"{', '.join(map(str, sorted(lengths))) or 'none'}"
        )
    return {number: np.array(latent, np.float32) for number, latent in read.latents.items()}
