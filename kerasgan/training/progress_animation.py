"""The animation of how a training's pictures changed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.drawing.overwriting import exif
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write
from kerasgan.training.run_folder import RunFolder

_MOST_FRAMES = 100
_LONGEST_SIDE = 800
# In milliseconds: few frames are shown for longer, and the last one long enough to be looked at.
_WHOLE, _SHORTEST, _LONGEST, _LAST = 10_000, 100, 500, 2_000


def animate_progress(folder: str | Path) -> Path:
    """Makes an animated WebP of the sample grids of a training, which are of the same latents.

    `train` makes it at the end of a training. It has at most 100 frames, evenly spaced among the
    grids and with the first and the last of them, and is at most 800 pixels wide and high.

    Args:
        folder: The run folder; a training may go on there.

    Returns:
        The file, `progress.webp` in the run folder; an earlier one is replaced.

    Raises:
        UserError: There is no training in the folder or no grid yet, a grid cannot be read, or the
            folder is not writable.
    """
    run = RunFolder(folder)
    run.describe()
    grids = list(run.sample_grids().values())
    if not grids:
        raise UserError(f"The training in {run.path} has no pictures yet; let it run longer")
    chosen = _thinned(grids)
    duration = int(np.clip(_WHOLE // len(chosen), _SHORTEST, _LONGEST))
    frames = map(_frame, chosen)
    with atomic_write(run.progress_animation) as file:
        next(frames).save(
            file,
            format="WEBP",
            save_all=True,
            append_images=frames,
            duration=[duration] * (len(chosen) - 1) + [_LAST],
            loop=0,
            quality=80,
            method=2,
            exif=exif(),
        )
    return run.progress_animation


def _thinned(grids: Sequence[Path]) -> list[Path]:
    count = min(len(grids), _MOST_FRAMES)
    return [grids[round(place)] for place in np.linspace(0, len(grids) - 1, count)]


def _frame(grid: Path) -> Image.Image:
    try:
        with Image.open(grid, formats=["PNG"]) as picture:
            frame = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError(f"Cannot read {grid}: {error}; delete it") from None
    frame.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    return frame
