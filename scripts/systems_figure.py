"""Compares trained systems in one figure: the same seeds of each, small and large.

A row of the figure is a system: its samples at their own size, and the first of them drawn large if
its generator is a CPPN. Ha's comparison, after the trainings of its three recipes:

    python scripts/systems_figure.py ha.png GAN=runs/mnist_cppn_ha_gan \
        VAE=runs/mnist_cppn_ha_vae GAN+VAE=runs/mnist_cppn_ha_vaegan

Each NAME=MODEL names a run folder or an entry, as kerasgan sample takes them.
"""

import argparse
import sys
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="The picture to write.")
    parser.add_argument("systems", nargs="+", metavar="NAME=MODEL")
    parser.add_argument("--seed", type=int, default=0, help="Seed of the latents (0).")
    parser.add_argument("--large", type=int, default=3, help="Large pictures of each (3).")
    arguments = parser.parse_args()
    systems = dict(each.split("=", 1) for each in arguments.systems if "=" in each)
    if len(systems) < len(arguments.systems):
        sys.exit("Give each system as NAME=MODEL, with different names")
    try:
        rows = [
            row_of(name, model, seed=arguments.seed, large=arguments.large)
            for name, model in systems.items()
        ]
        save_picture(stacked(rows), arguments.out)
    except UserError as error:
        sys.exit(f"Error: {error}")


def row_of(name: str, model: str, *, seed: int, large: int) -> np.ndarray:
    """Draws a system.

    Args:
        name: What to call it.
        model: The model's name or folder.
        seed: Seed of the latents.
        large: The number of large pictures.

    Returns:
        uint8 `(height, width, 3)`.

    Raises:
        UserError: There is no such model.
    """
    loaded = open_to_draw(model, "tensorflow")
    drawn = sample(loaded, _SMALL**2, seed=seed)
    factor = max(1, _SIDE // _SMALL // drawn.images.shape[1])
    small = to_uint8(grid(upscaled(drawn.images, factor), columns=_SMALL))
    panels = [_fitted(small)]
    try:
        check_any_size(loaded)
        size = Size(height=_SIDE, width=_SIDE)
        panels += [_fitted(render(loaded, each, size)) for each in drawn.latents[:large]]
    except UserError:
        panels += [_fitted(each) for each in to_uint8(drawn.images[:large])]
    named = captioned(np.stack(panels), [name, *([""] * large)])
    return grid(named, columns=len(panels), gap=_GAP)


def stacked(rows: list[np.ndarray]) -> np.ndarray:
    """Returns rows beneath each other, uint8 `(height, width, 3)`; all have one shape."""
    return grid(np.stack(rows), columns=1, gap=_GAP)


def _fitted(picture: np.ndarray) -> np.ndarray:
    """Returns a uint8 picture in colour, resized to a square of `_SIDE` pixels."""
    resized = to_picture(picture).convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return np.asarray(resized)


if __name__ == "__main__":
    main()
