"""The pictures of systems: the same seeds of each, small and large."""

from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.cli.engine import open_to_draw
from kerasgan.drawing import Size, grid, render, sample, save_picture, to_picture
from kerasgan.drawing.any_size.at_size import check_any_size
from kerasgan.drawing.image_grid import captioned
from kerasgan.drawing.picture import to_uint8, upscaled
from kerasgan.errors import UserError

_SIDE = 320
_GAP = 8
_SMALL = 5  # Samples along a side of the square of small ones.
_LARGE = 3


def draw_rows(systems: dict[str, Path], path: Path, *, seed: int = 0) -> None:
    """Draws a row for each system: its samples at their own size, and the first of them large.

    The large ones are rendered at their size if the generator is a CPPN, and enlarged otherwise.

    Args:
        systems: A run folder by what to call it; at least one.
        path: The picture, which is replaced.
        seed: Seed of the latents.
    """
    rows = [_row(name, folder, seed) for name, folder in systems.items()]
    save_picture(grid(np.stack(rows), columns=1, gap=_GAP), path)


def _row(name: str, folder: Path, seed: int) -> np.ndarray:
    loaded = open_to_draw(folder, "tensorflow")
    drawn = sample(loaded, _SMALL**2, seed=seed)
    factor = max(1, _SIDE // _SMALL // drawn.images.shape[1])
    small = to_uint8(grid(upscaled(drawn.images, factor), columns=_SMALL))
    panels = [_fitted(small)]
    try:
        check_any_size(loaded)
        size = Size(height=_SIDE, width=_SIDE)
        panels += [_fitted(render(loaded, each, size)) for each in drawn.latents[:_LARGE]]
    except UserError:
        panels += [_fitted(each) for each in to_uint8(drawn.images[:_LARGE])]
    named = captioned(np.stack(panels), [name, *([""] * _LARGE)])
    return grid(named, columns=len(panels), gap=_GAP)


def _fitted(picture: np.ndarray) -> np.ndarray:
    """Returns a uint8 picture in colour, resized to a square of `_SIDE` pixels."""
    resized = to_picture(picture).convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return np.asarray(resized)
