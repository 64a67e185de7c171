"""Files of latents: `.npy` files, and the `.json` files of picked pictures.

A file of picked pictures is JSON: the name of the `model` that drew them, the fingerprint of its
`weights`, whether they are the `best` ones of a run, and by the number of each picture its latent;
from a conditional model also its classes, by label set and number, each a name or the parts of
several. Another file may leave out `weights`, `best`, `labels`, or some label sets.

    {"model": "wikiart_gangogh",
     "weights": "77e6a3e5a0c1b5c4",
     "latents": {"1": [0.1, ...], "2": [-1.3, ...]},
     "labels": {"genre": {"1": "cityscape", "2": {"landscape": 0.25, "portrait": 0.75}}}}
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kerasgan.drawing.labelled_latents import LabelledLatents
from kerasgan.drawing.picture_classes import Label
from kerasgan.drawing.provenance import Provenance
from kerasgan.errors import UserError, shortened
from kerasgan.files.atomic import atomic_write, check_writable
from kerasgan.files.npy_file import read_npy
from kerasgan.files.regular_file import open_regular
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

LATENT_FILE = "latents.json"
"""The file of latents in a folder of picked pictures."""

LATENT_ENDINGS = (".npy", ".json")
_MOST_BYTES = 2**26


class _Picks(msgspec.Struct, omit_defaults=True):
    """What the file of picked pictures holds."""

    model: str
    latents: dict[int, tuple[float, ...]]
    labels: dict[str, dict[int, Label]] = {}
    weights: str = ""
    best: bool = False


def write_latents(latents: np.ndarray, path: str | Path) -> Path:
    """Writes latents `(n, latent_dim)` to a `.npy` file, float32, whole or not at all.

    Raises:
        UserError: The file's ending is not .npy, or it cannot be written.
    """
    with latents_file(latents, path) as written:
        return written


@contextlib.contextmanager
def latents_file(latents: np.ndarray, path: str | Path) -> Iterator[Path]:
    """Does what `write_latents` does once the block has ended; if it fails, nothing is written.

    Raises:
        UserError: As `write_latents`.
    """
    path = check_latent_path(path)
    with atomic_write(path) as file:
        np.save(file, np.asarray(latents, np.float32), allow_pickle=False)
        # A full disk is told before the block.
        file.flush()
        yield path


def check_latent_path(path: str | Path) -> Path:
    """Returns a path that latents can be written to, checked before they are computed.

    Raises:
        UserError: As `write_latents`.
    """
    path = user_path(path)
    if path.suffix.lower() != ".npy":
        raise UserError(f"{path}: latents are kept in .npy files; choose such a name")
    check_writable(path.parent)
    return path


def picks_as_json(
    model: str,
    latents: Mapping[int, np.ndarray],
    labels: Mapping[str, Mapping[int, Label]] | None = None,
    *,
    weights: str = "",
    best: bool = False,
) -> bytes:
    """Returns what `read_labelled` reads from the file of picked pictures.

    Args:
        model: Name of the model that drew them.
        latents: Their latents by their numbers, each float32 `(latent_dim,)`.
        labels: From a conditional model, their classes by label set and number.
        weights: `kerasgan.drawing.provenance.fingerprint` of that model; empty if unknown.
        best: Whether it was opened with `best=True`.
    """
    known = {number: tuple(latent.tolist()) for number, latent in latents.items()}
    classes = {name: dict(values) for name, values in (labels or {}).items()}
    return msgspec.json.encode(_Picks(model, known, classes, weights, best)) + b"\n"


def read_latents(path: str | Path, latent_dim: int) -> np.ndarray:
    """Reads all latents in a file, without their classes.

    `sample` and `morph` take the name of a file too, and draw its latents in their classes.

    Args:
        path: A `.npy` file, or the `.json` file of picked pictures.
        latent_dim: Length of the model's latents.

    Returns:
        float32 `(n, latent_dim)`.

    Raises:
        UserError: The file is missing or is no such file, or its latents have another length or
            are not finite.
    """
    return read_labelled(path, latent_dim).latents


def latent_file(path: Path) -> Path:
    """Returns the file of latents in a folder of picked pictures, and any other path as it is."""
    return file if (file := path / LATENT_FILE).is_file() else path


def given_latents(
    model: "Drawable", latents: np.ndarray | str | Path, labels: Any
) -> tuple[np.ndarray, Any]:
    """Returns the latents and labels to draw from, where a file may hold them.

    It warns where other weights drew the pictures of the file.

    Args:
        model: The model.
        latents: Latents, which are returned as they are, or a file of latents.
        labels: What the user gives; see `LabelledLatents.labels_with`.

    Raises:
        UserError: As `read_labelled`, or the model cannot draw the classes in the file.
    """
    if not isinstance(latents, str | Path):
        return latents, labels
    read = read_labelled(latents, model.latent_dim)
    labels = read.labels_with(model, labels)
    read.tell_other_weights(model)
    return read.latents, labels


def read_labelled(path: str | Path, latent_dim: int) -> LabelledLatents:
    """Reads the latents in a file, with their numbers and classes.

    Args:
        path: A `.npy` file of one latent `(latent_dim,)` or several `(n, latent_dim)`, of any real
            dtype, which are numbered from 0; or the `.json` file of picked pictures, or their
            folder, which have the numbers of their pictures.
        latent_dim: Length of the model's latents.

    Returns:
        The latents, at least one.

    Raises:
        UserError: The file is missing or is no such file, its latents have another length or are
            not finite, or its classes are those of other latents.
    """
    path = latent_file(user_path(path))
    with np.errstate(over="ignore"):
        if path.suffix.lower() == ".json":
            read = _read_picks(path, latent_dim)
        else:
            array = _read_array(path, latent_dim)
            read = LabelledLatents(str(path), array, range(len(array)))
    if not np.isfinite(read.latents).all():
        raise UserError(f"{path} holds latents that are not finite")
    return read


def _read_array(path: Path, latent_dim: int) -> np.ndarray:
    array = read_npy(path, what="the latents")
    if array.ndim not in (1, 2) or array.shape[-1] != latent_dim or not array.size:
        raise UserError(
            f"{path}: the model's latents have length {latent_dim}, as an array ({latent_dim},) or "
            f"(n, {latent_dim}). Received: an array of shape {array.shape}"
        )
    return array.reshape(-1, latent_dim).astype(np.float32)


def _read_picks(path: Path, latent_dim: int) -> LabelledLatents:
    read = _decoded(path)
    lengths = {len(latent) for latent in read.latents.values()}
    if lengths != {latent_dim}:
        raise UserError(
            f"{path}: the model's latents have length {latent_dim}. Received: "
            f"{len(read.latents)} latents of {read.model or 'a model'}, of length "
            f"{', '.join(map(str, sorted(lengths))) or 'none'}"
        )
    for name, labels in read.labels.items():
        if other := labels.keys() ^ read.latents.keys():
            has, lacks = "a class", "latent"
            if (number := min(other)) not in labels:
                has, lacks = "a latent", "class"
            raise UserError(
                f"{path} must have one {shortened(name)} for each latent; pick the pictures again. "
                f"Received: {has} of number {number}, and no {lacks}"
            )
    return LabelledLatents(
        source=str(path),
        latents=np.array(list(read.latents.values()), np.float32),
        numbers=tuple(read.latents),
        labels={
            name: tuple(labels[number] for number in read.latents)
            for name, labels in read.labels.items()
        },
        provenance=Provenance(model=read.model, weights=read.weights, best=read.best)
        if read.weights
        else None,
    )


def _decoded(path: Path) -> _Picks:
    """Reads the file of picked pictures."""
    try:
        with open_regular(path) as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise UserError(f"{path} has more than {_MOST_BYTES:,} bytes; it is no file of latents")
        return msgspec.json.decode(content, type=_Picks)
    except OSError as error:
        raise UserError(f"Cannot read the latents {path}: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} does not hold the latents of picked pictures: {error}") from None
