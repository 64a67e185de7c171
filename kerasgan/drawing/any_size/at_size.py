"""Pictures of a CPPN at any size, in memory or strip by strip into a file."""

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from kerasgan.drawing.any_size.large_picture import large_picture_format, write_large_picture
from kerasgan.drawing.any_size.tiles import fill, strips, tile_drawer
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.picture import inverted, to_uint8
from kerasgan.drawing.provenance import Provenance
from kerasgan.drawing.size import Size, own_size
from kerasgan.errors import UserError
from kerasgan.models.generative_model import GenerativeModel
from kerasgan.networks.cppn_render import is_cppn


def check_any_size(model: GenerativeModel, name: str = "") -> None:
    """Raises UserError if a model draws only at its own size."""
    if is_cppn(model.sampling_generator):
        return
    height, width, _ = model.image_shape
    raise UserError(
        f"{name or 'The model'} draws {width}x{height} pixels only; compositional "
        "pattern-producing networks draw at any size, zoom and pan. Its samples can be enlarged: "
        "pass upscale=4"
    )


def draw_at_size(model: GenerativeModel, latents: np.ndarray, size: Size, view: View) -> np.ndarray:
    """Draws pictures at any size, one after the other.

    Args:
        model: A model whose generator is a CPPN.
        latents: `(n, latent_dim)`, float32.
        size: Size of each picture.
        view: What part of the plane each shows.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1].

    Raises:
        UserError: The generator is not a CPPN.
    """
    check_any_size(model)
    shape = (len(latents), size.height, size.width, model.image_shape[2])
    images = np.empty(shape, np.float32)
    for image, latent in zip(images, latents, strict=True):
        fill(image, strips(tile_drawer(model, latent, size, view), size))
    return images


def draw_to_file(
    model: GenerativeModel,
    latent: np.ndarray,
    provenance: Provenance,
    path: Path,
    *,
    progress: bool = False,
) -> Path:
    """Draws a picture into a file. It need not fit in memory.

    Args:
        model: A model whose generator is a CPPN.
        latent: `(latent_dim,)`, float32.
        provenance: What is drawn, with its size; a `.png` says so.
        path: The file; see `kerasgan.drawing.render_to_file`.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: The generator is not a CPPN, the path's ending names no format for it, the
            format cannot hold the picture, or the file cannot be written. What was there before
            then stays.
    """
    size = provenance.size or own_size(model)
    large_picture_format(path, size)
    drawn = draw_strips(model, latent, provenance, progress=progress)
    with contextlib.closing(drawn):
        write_large_picture(
            drawn,
            path,
            size=size,
            channels=model.image_shape[2],
            text=provenance.text(),
        )
    return path


def draw_strips(
    model: GenerativeModel, latent: np.ndarray, provenance: Provenance, *, progress: bool = False
) -> Generator[np.ndarray]:
    """Returns a generator of the strips of a picture, uint8 `(rows, width, channels)`.

    Raises:
        UserError: The generator is not a CPPN.
    """
    check_any_size(model, provenance.model)
    size = provenance.size or own_size(model)
    draw = tile_drawer(model, latent, size, View(provenance.zoom, provenance.centre))

    def drawn() -> Generator[np.ndarray]:
        bar = tqdm(
            total=size.pixels,
            unit="px",
            unit_scale=True,
            dynamic_ncols=True,
            # Where stderr is a file, every state of the bar stays there, so they should be few.
            mininterval=0.1 if sys.stderr.isatty() else 30.0,
            disable=not progress,
        )
        with bar, contextlib.closing(strips(draw, size)) as parts:
            for strip in map(to_uint8, parts):
                yield inverted(strip) if provenance.invert else strip
                bar.update(len(strip) * size.width)

    return drawn()
