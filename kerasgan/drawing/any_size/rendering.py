"""Pictures of any size from a model whose generator is a CPPN."""

import contextlib
import operator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.drawing.any_size.at_size import draw_strips, draw_to_file
from kerasgan.drawing.any_size.strips import fill
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.drawable import engine_of
from kerasgan.drawing.latents import (
    check_psi,
    checked_latents,
    checked_seed,
    latents_of,
    packed,
    towards_mean,
)
from kerasgan.drawing.provenance import Provenance, fingerprint
from kerasgan.drawing.size import Size, check_size
from kerasgan.errors import UserError
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


def render(
    model: "Drawable",
    latent: np.ndarray | int,
    size: Size,
    *,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    invert: bool = False,
    psi: float | None = None,
    progress: bool = False,
) -> np.ndarray:
    """Draws a picture of any size.

    It is evaluated in float32 and in parts, so that only the picture itself takes more memory as
    it grows. `to_picture` makes a Pillow picture of it; `render_to_file` writes a picture that need
    not fit in memory.

    Args:
        model: A model whose generator is a compositional pattern-producing network.
        latent: `(latent_dim,)`, or a seed, which stands for its first latent.
        size: The size, up to 1,048,576 pixels a side. The shorter side spans what the generator
            draws itself; along the longer one more comes into view.
        zoom: From 1e-9 to 1e9; above 1 looks closer.
        centre: The point in the middle, (x, y), x to the right and y downwards; (0, 0) is the
            middle of what the generator draws itself and (1, 1) its lower right corner.
        invert: Whether to exchange black and white.
        psi: Factor that moves the latent towards the mean; see `kerasgan.drawing.towards_mean`.
        progress: Whether to show a progress bar on stderr.

    Returns:
        The picture, uint8 `(height, width, channels)`.

    Raises:
        UserError: The generator is not a CPPN, the latent has another length, or a number is out
            of range.

    Example:
    >>> gan = kerasgan.zoo.load("mnist_cppn_wgan_gp")
    >>> render(gan, 3, Size(width=320, height=180)).shape
    (180, 320, 1)
    """
    provenance = _provenance(model, latent, size, View(zoom, centre), invert, psi)
    drawn = draw_strips(model, latents_of(model, provenance)[0], provenance, progress=progress)
    picture = np.empty((size.height, size.width, model.image_shape[2]), np.uint8)
    with contextlib.closing(drawn):
        fill(picture, drawn)
    return picture


def render_to_file(
    model: "Drawable",
    latent: np.ndarray | int,
    path: str | Path,
    size: Size,
    *,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    invert: bool = False,
    psi: float | None = None,
    name: str = "",
    best: bool = False,
    progress: bool = False,
) -> Path:
    """Draws a picture of any size into a file.

    The pixels go to the file as they are drawn, so memory does not grow with the picture; only WebP
    encoders need the whole picture, about 5 bytes a pixel.

    Args:
        model: See `render`, which has the same arguments.
        latent: See `render`.
        path: A `.png`, `.jpg`, `.tif` (tiled, a BigTIFF where it must be) or `.webp` file, or a
            `.dzi`, the Deep Zoom format of zoomable viewers, which keeps its tiles in a folder
            beside it: those of `a.dzi` are in `a_files`. JPEG and WebP are written at quality 90,
            the others without loss. A `.png` says what it was drawn from; see `read_provenance`.
        size: See `render`.
        zoom: See `render`.
        centre: See `render`.
        invert: See `render`.
        psi: See `render`.
        name: Name of the model, as `kerasgan.zoo.open_model` takes it, to be kept with the picture.
        best: Whether it was opened with `best=True`, to be kept with the picture too.
        progress: See `render`.

    Returns:
        The path.

    Raises:
        UserError: As `render`, or the path's ending names no such format, the format cannot hold
            the picture, or the file cannot be written. What was there before then stays.
    """
    provenance = _provenance(model, latent, size, View(zoom, centre), invert, psi, name, best)
    drawn_from = latents_of(model, provenance)[0]
    return draw_to_file(model, drawn_from, provenance, user_path(path), progress=progress)


def _provenance(
    model: "Drawable",
    latent: np.ndarray | int,
    size: Size,
    view: View,
    invert: bool,
    psi: float | None,
    name: str = "",
    best: bool = False,
) -> Provenance:
    return Provenance(
        model=name,
        weights=fingerprint(model),
        best=best,
        engine=engine_of(model).engine,
        **_source(model, latent, psi),
        size=check_size(size),
        zoom=view.zoom,
        centre=view.centre,
        invert=invert,
        show=0,
        columns=1,
    )


def _source(model: "Drawable", latent: np.ndarray | int, psi: float | None) -> dict:
    """Returns the fields of a provenance for a latent or a seed."""
    if psi is not None:
        check_psi(psi)
    try:
        if np.ndim(latent) == 0:
            return {"seed": checked_seed(operator.index(latent)), "numbers": (0,), "psi": psi}
        latents = checked_latents(model, np.asarray(latent)[np.newaxis])
        return {"latents": packed(towards_mean(latents, psi))}
    except (TypeError, ValueError):
        raise UserError(
            f"The latent must be {model.latent_dim} finite numbers, or a seed of at most 64 bits. "
            f"Received: {_received(latent)}"
        ) from None


def _received(latent: np.ndarray | int) -> str:
    return f"{latent!r}" if np.ndim(latent) == 0 else f"a latent of shape {np.shape(latent)}"
