"""Animations: frames that are drawn when they are needed."""

import functools
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from kerasgan.drawing.animation_file import save_animation
from kerasgan.drawing.drawn_picture import DrawnPicture, save_numbered
from kerasgan.drawing.picture import to_picture
from kerasgan.drawing.provenance import Provenance
from kerasgan.files.new_folder import means_folder

Frame = TypeVar("Frame")


class Frames(Sequence[Frame]):
    """A sequence that keeps nothing: it draws a frame anew each time one is taken.

    Args:
        count: The number of frames.
        draw: Draws one frame, given its number.
    """

    def __init__(self, count: int, draw: Callable[[int], Frame]) -> None:
        self._numbers = range(count)
        self._draw = draw

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: int | slice) -> "Frame | Frames[Frame]":
        if isinstance(index, slice):
            numbers = self._numbers[index]
            return Frames(len(numbers), lambda number: self._draw(numbers[number]))
        return self._draw(self._numbers[index])


@dataclass(frozen=True, eq=False)
class Animation:
    """Frames and the time between them. A notebook plays it, as an animated PNG.

    Attributes:
        pictures: The frames, which know what they were drawn from. A morph draws a frame anew each
            time one is taken, so that its frames need not fit in memory, but for those of a GIF or
            WebP file while it is written.
        fps: Frames per second.
        provenance: What the whole animation was drawn from.
    """

    pictures: Sequence[DrawnPicture]
    fps: float = 24.0
    provenance: Provenance | None = None

    def __repr__(self) -> str:
        source = "" if self.provenance is None else f" from {self.provenance.summary()}"
        return f"<Animation {len(self.pictures):,} frames, {self.fps:g} per second{source}>"

    @property
    def frames(self) -> Sequence[np.ndarray]:
        """The frames as arrays `(height, width, channels)`."""
        return Frames(len(self.pictures), lambda number: self.pictures[number].image)

    def save(self, path: str | Path, *, progress: bool = False, force: bool = False) -> Path:
        """Writes a `.gif`, `.webp` or `.mp4` file, or a folder with a PNG for each frame.

        Every PNG says what it was drawn from; a GIF and a WebP say what the whole animation was
        drawn from.

        Args:
            path: The file, which is replaced if it is there, or the folder.
            progress: Whether to show a progress bar on stderr.
            force: Whether a folder's pictures are replaced; see `check_numbered_folder`.

        Raises:
            UserError: As `save_animation` and `save_numbered`.
        """
        bar = functools.partial(
            tqdm, desc="Drawing frames", delay=1, leave=False, disable=not progress
        )
        if means_folder(path):
            return save_numbered(bar(self.pictures), len(self.pictures), path, force=force)
        text = {} if self.provenance is None else self.provenance.text()
        return save_animation(bar(self.frames), path, fps=self.fps, text=text)

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        first, *rest = map(to_picture, self.frames)
        duration = 1000.0 / self.fps
        first.save(file, "PNG", save_all=True, append_images=rest, duration=duration, loop=0)
        return file.getvalue()
