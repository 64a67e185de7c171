"""Pictures of a CPPN at any size, in memory or strip by strip into a file."""

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.drawing.any_size.strips import Interval, fill, strips
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.drawable import engine_of, own_size
from kerasgan.drawing.picture import inverted, to_uint8
from kerasgan.drawing.provenance import Provenance
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.refreshing import refresh_interval

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


def check_any_size(model: "Drawable", name: str = "") -> None:
    """Raises UserError if a model draws only at its own size."""
    if engine_of(model).draws_any_size:
        return
    height, width, _ = model.image_shape
    raise UserError(
        f"{name or 'The model'} draws {width}x{height} pixels only; compositional "
        "pattern-producing networks draw at any size, zoom and pan. Its samples can be enlarged, "
        f"as by `kerasgan sample {name or 'MODEL'} --upscale 4`"
    )


def draw_at_size(model: "Drawable", latents: np.ndarray, size: Size, view: View) -> np.ndarray:
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
    engine = engine_of(model)
    for image, latent in zip(images, latents, strict=True):
        draw = engine.tile_drawer(latent, size, view)
        fill(image, strips(draw, size, rows=engine.strip_rows))
    return images


def draw_to_file(
    model: "Drawable",
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
    # libvips is not loaded for pictures that fit in memory.
    from kerasgan.drawing.any_size.large_picture import large_picture_format, write_large_picture

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
    model: "Drawable", latent: np.ndarray, provenance: Provenance, *, progress: bool = False
) -> Generator[np.ndarray]:
    """Returns a generator of the strips of a picture, uint8 `(rows, width, channels)`.

    Raises:
        UserError: The generator is not a CPPN.
    """
    # Only pictures that take a while need it, and it takes a while to import.
    from tqdm import tqdm

    check_any_size(model, provenance.model)
    size = provenance.size or own_size(model)
    engine = engine_of(model)
    draw = engine.tile_drawer(latent, size, View(provenance.zoom, provenance.centre))

    def draw_tile(rows: Interval, columns: Interval) -> np.ndarray:
        # In the threads that draw: strips of bytes take a quarter of the memory.
        tile = to_uint8(draw(rows, columns))
        return inverted(tile) if provenance.invert else tile

    def drawn() -> Generator[np.ndarray]:
        bar = tqdm(
            total=size.pixels,
            unit="px",
            unit_scale=True,
            dynamic_ncols=True,
            mininterval=refresh_interval(),
            disable=not progress,
        )
        parts = strips(draw_tile, size, rows=engine.strip_rows)
        with bar, contextlib.closing(parts):
            for strip in parts:
                yield strip
                bar.update(len(strip) * size.width)

    return drawn()
