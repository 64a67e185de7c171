"""Pictures of any size from a model whose generator is a CPPN."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from kerasgan.drawing.picture_file import write_picture
from kerasgan.drawing.picture_format import picture_format
from kerasgan.drawing.strips import strips
from kerasgan.drawing.tile import tile_drawer
from kerasgan.drawing.view import View
from kerasgan.errors import UserError
from kerasgan.models.sampling import Sampling
from kerasgan.networks.cppn_render import is_cppn


def render(
    model: Sampling,
    latent: np.ndarray,
    *,
    width: int,
    height: int,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    invert: bool = False,
    progress: bool = False,
) -> np.ndarray:
    """Draws a picture of any size.

    It is evaluated in float32 and in parts, so that nothing but the picture itself grows with its
    size. `to_picture` makes a Pillow picture of it; `render_to_file` writes one that need not fit
    in memory.

    Args:
        model: A model whose generator is a compositional pattern-producing network.
        latent: `(latent_dim,)`, for instance `model.draw_latents(1, seed=0)[0]`.
        width: Columns, from 1 to 1,048,576.
        height: Rows, likewise. The shorter side spans what the generator draws itself; along the
            longer one more comes into view.
        zoom: From 1e-9 to 1e9; above 1 looks closer.
        centre: What is in the middle, (x, y), x to the right and y downwards; (0, 0) is the middle
            of what the generator draws and (1, 1) its lower right corner.
        invert: Whether to exchange black and white.
        progress: Whether to show a progress bar on stderr.

    Returns:
        The picture, uint8 `(height, width, channels)`.

    Raises:
        UserError: The generator is no CPPN, the latent has another length, or a number is out of
            range.

    Example:
    >>> gan = kerasgan.zoo.load("mnist_cppn_wgan_gp")
    >>> render(gan, gan.draw_latents(1, seed=0)[0], width=1920, height=1080).shape
    (1080, 1920, 1)
    """
    view = View(width, height, zoom, centre)
    picture = np.empty((view.height, view.width, _channels(model)), np.uint8)
    top = 0
    for strip in _draw(model, latent, view, invert=invert, progress=progress):
        picture[top : top + len(strip)] = strip
        top += len(strip)
    return picture


def render_to_file(
    model: Sampling,
    latent: np.ndarray,
    path: str | Path,
    *,
    width: int,
    height: int,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    invert: bool = False,
    progress: bool = False,
) -> Path:
    """Draws a picture of any size into a file.

    The pixels go to the file as they are drawn, so memory does not grow with the picture; but a
    WebP encoder wants the picture whole, which takes about 5 bytes a pixel.

    Args:
        model: See `render`, as for all that is not here.
        latent: See there.
        path: A `.png`, `.jpg`, `.tif` (tiled, a BigTIFF where it must be) or `.webp` file, or a
            `.dzi`, the Deep Zoom format of zoomable viewers, which keeps its tiles in a folder
            beside: those of `a.dzi` are in `a_files`. JPEG and WebP are written at quality 90, the
            others without loss.
        width: See there.
        height: See there.
        zoom: See there.
        centre: See there.
        invert: See there.
        progress: See there.

    Returns:
        The path.

    Raises:
        UserError: As `render`; the path's ending names no such format, the format cannot hold the
            picture, or the file cannot be written. What stood there then stays.
    """
    path, view = Path(path), View(width, height, zoom, centre)
    chosen, channels = picture_format(path, view), _channels(model)
    drawn = _draw(model, latent, view, invert=invert, progress=progress)
    with contextlib.closing(drawn):
        write_picture(drawn, path, chosen, view=view, channels=channels)
    return path


def _channels(model: Sampling) -> int:
    """Returns the channels of a CPPN's pictures; refuses other generators."""
    height, width, channels = model.image_shape
    if not is_cppn(model.sampling_generator):
        raise UserError(
            f"This model draws at its own size alone, {width}x{height}, with `kerasgan sample` or "
            "`generate`: only a compositional pattern-producing network draws at any size. "
            f"Received: generator={model.sampling_generator.name!r}"
        )
    if channels not in (1, 3):
        raise UserError(f"A picture has 1 or 3 channels. Received: a generator of {channels}")
    return channels


def _draw(
    model: Sampling, latent: np.ndarray, view: View, *, invert: bool, progress: bool
) -> Iterator[np.ndarray]:
    """Returns an iterator over the picture's strips."""
    latent = np.asarray(latent, np.float32)
    if latent.shape != (model.latent_dim,) or not np.isfinite(latent).all():
        raise UserError(
            f"The latent must be {model.latent_dim} finite numbers. "
            f"Received: a latent of shape {latent.shape}"
        )
    draw = tile_drawer(model, latent, view)

    def drawn() -> Iterator[np.ndarray]:
        bar = tqdm(
            total=view.width * view.height,
            unit="px",
            unit_scale=True,
            dynamic_ncols=True,
            # In a file every new state of the bar stays, so there they are few.
            mininterval=0.1 if sys.stderr.isatty() else 30.0,
            disable=not progress,
        )
        with bar, contextlib.closing(strips(draw, view)) as parts:
            for strip in parts:
                yield 255 - strip if invert else strip
                bar.update(len(strip) * view.width)

    return drawn()
