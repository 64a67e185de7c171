"""One picture drawn in strips, each of which may go to a file before the next is there."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from kerasgan.drawing.any_size.any_size import check_any_size
from kerasgan.drawing.any_size.large_picture import large_picture_format, write_large_picture
from kerasgan.drawing.any_size.strips import strips
from kerasgan.drawing.any_size.tile import tile_drawer
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.picture import negative, to_uint8
from kerasgan.drawing.provenance import Provenance
from kerasgan.drawing.size import Size
from kerasgan.models.generative_model import GenerativeModel


def draw_to_file(
    model: GenerativeModel,
    latent: np.ndarray,
    provenance: Provenance,
    path: Path,
    *,
    progress: bool = False,
) -> Path:
    """Draws a picture into a file, which need not fit in memory.

    Args:
        model: A model whose generator is a CPPN.
        latent: `(latent_dim,)`, float32.
        provenance: What is drawn, with its size; a `.png` says so.
        path: See `kerasgan.drawing.render_to_file`.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: The generator is no CPPN, the path's ending names no format for it, the format
            cannot hold the picture, or the file cannot be written. What stood there then stays.
    """
    size = size_of(provenance)
    large_picture_format(path, size)
    drawn = draw_strips(model, latent, provenance, progress=progress)
    with contextlib.closing(drawn):
        write_large_picture(
            drawn, path, size=size, channels=model.image_shape[2], text=provenance.text()
        )
    return path


def draw_strips(
    model: GenerativeModel, latent: np.ndarray, provenance: Provenance, *, progress: bool = False
) -> Iterator[np.ndarray]:
    """Returns an iterator over the strips of a picture, uint8 `(rows, width, channels)`.

    Raises:
        UserError: The generator is no CPPN.
    """
    check_any_size(model, provenance.model)
    size = size_of(provenance)
    draw = tile_drawer(model, latent, size, View(provenance.zoom, provenance.centre))

    def drawn() -> Iterator[np.ndarray]:
        bar = tqdm(
            total=size.pixels,
            unit="px",
            unit_scale=True,
            dynamic_ncols=True,
            # In a file every new state of the bar stays, so there they are few.
            mininterval=0.1 if sys.stderr.isatty() else 30.0,
            disable=not progress,
        )
        with bar, contextlib.closing(strips(draw, size)) as parts:
            for strip in map(to_uint8, parts):
                yield negative(strip) if provenance.invert else strip
                bar.update(len(strip) * size.width)

    return drawn()


def size_of(provenance: Provenance) -> Size:
    """Returns the size that a provenance says."""
    height, width = provenance.size
    return Size(width, height)
