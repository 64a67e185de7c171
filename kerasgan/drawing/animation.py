"""Pictures in a row as an animation."""

import io
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.picture import check_side, picture_format, to_picture, to_uint8
from kerasgan.errors import UserError
from kerasgan.files import atomic_path, atomic_write, check_writable

FORMATS = (".gif", ".webp", ".mp4")
# Browsers slow frames shorter than this down to a tenth of a second.
_SHORTEST_GIF_FRAME = 0.02


@dataclass(frozen=True, eq=False)
class Animation:
    """Frames and the time between them. A notebook plays it, as an animated PNG.

    Attributes:
        pictures: The frames, which know what they were drawn from.
        fps: Frames in a second.
    """

    pictures: Sequence[DrawnPicture]
    fps: float = 24.0

    @property
    def frames(self) -> list[np.ndarray]:
        """The frames as arrays `(height, width, channels)`."""
        return [picture.image for picture in self.pictures]

    def save(self, path: str | Path) -> Path:
        """Writes a `.gif`, `.webp` or `.mp4` file, or a folder of a PNG for each frame.

        Raises:
            UserError: As `save_animation`; a folder that is not empty.
        """
        if is_folder(path):
            return save_frames(self.pictures, path)
        return save_animation(self.frames, path, fps=self.fps)

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        first, *rest = map(to_picture, self.frames)
        duration = 1000.0 / self.fps
        first.save(file, "PNG", save_all=True, append_images=rest, duration=duration, loop=0)
        return file.getvalue()


def is_folder(path: str | Path) -> bool:
    """Tells whether a path means a folder of frames: it has no ending, or is a folder."""
    return not Path(path).suffix or Path(path).is_dir()


def check_animation_path(path: str | Path, *, fps: float = 24.0) -> Path:
    """Returns a path that an animation can be written to, before anything is drawn.

    Raises:
        UserError: Its format cannot hold an animation or its speed, a package for it is missing,
            or a folder cannot be written to.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if is_folder(path):
        if path.is_dir() and any(path.iterdir()):
            raise UserError(f"The folder {path} is not empty; give another for the frames")
    elif ending not in FORMATS:
        raise UserError(
            f"{path}: {ending} cannot hold an animation; give {', '.join(FORMATS)} or a folder"
        )
    if not 0.0 < fps <= 1000.0:
        raise UserError(f"The frames in a second must be above 0 and at most 1000, not {fps:g}")
    if ending == ".gif" and 1.0 / fps < _SHORTEST_GIF_FRAME:
        raise UserError(f"{path}: a .gif plays at most 50 frames in a second, not {fps:g}")
    if ending == ".mp4":
        _import_av()
    check_writable(path.parent)
    return path


def save_animation(frames: Sequence[np.ndarray], path: str | Path, *, fps: float = 24.0) -> Path:
    """Writes frames to a `.gif` or `.webp` that plays for ever, or an `.mp4`.

    A GIF has 256 colours in each frame and times in hundredths of a second. WebP is lossless.
    MP4 is H.264 with its usual loss; sides of an odd length get one more row or column.

    Args:
        frames: Images of one size `(height, width, 1 or 3)`, float in [0, 1] or uint8.
        path: The file.
        fps: Frames in a second.

    Raises:
        UserError: The format cannot hold these frames, a package for it is missing, or the file
            cannot be written.
        ValueError: There are no frames, or they are of different sizes.
    """
    path = check_animation_path(path, fps=fps)
    if not len(frames) or len({np.shape(frame) for frame in frames}) > 1:
        raise ValueError("An animation needs frames, all of one size")
    if path.suffix.lower() == ".mp4":
        with atomic_path(path) as temporary:
            _write_video(frames, temporary, Fraction(fps).limit_denominator(1001))
        return path
    kind = picture_format(path)
    first, *rest = map(to_picture, frames)
    check_side(path, kind, first.size)
    # GIF counts in hundredths: the times of all frames are rounded together, so that none drifts.
    times = np.rint(np.arange(len(frames) + 1) * 100.0 / fps).astype(int) * 10
    if kind == "WEBP":
        times = np.rint(np.arange(len(frames) + 1) * 1000.0 / fps).astype(int)
    options = {"lossless": True} if kind == "WEBP" else {}
    with atomic_write(path) as file:
        first.save(
            file,
            format=kind,
            save_all=True,
            append_images=rest,
            duration=np.diff(times).tolist(),
            loop=0,
            **options,
        )
    return path


def save_frames(pictures: Sequence[DrawnPicture], folder: str | Path) -> Path:
    """Writes a PNG for each frame to a new or empty folder, all of them or none.

    Raises:
        UserError: The folder is not empty, or cannot be written.
    """
    folder = check_animation_path(folder)
    digits = len(str(len(pictures) - 1))
    temporary = folder.with_name(f"{folder.name}-{os.getpid()}-partial")
    try:
        temporary.mkdir()
        for index, picture in enumerate(pictures):
            picture.save(temporary / f"{index:0{digits}d}.png")
        if folder.is_dir():
            folder.rmdir()
        temporary.rename(folder)
    except UserError as error:
        raise UserError(str(error).replace(str(temporary), str(folder))) from None
    except OSError as error:
        raise UserError(f"Cannot write the folder {folder}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _write_video(frames: Sequence[np.ndarray], path: Path, rate: Fraction) -> None:
    av = _import_av()
    with av.open(str(path), "w", format="mp4") as container:
        height, width = np.shape(frames[0])[:2]
        # 4:2:0, which every player shows: colour at every second row and column, so sides are even.
        stream = container.add_stream("libx264", rate=rate, options={"crf": "17"})
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            pixels = np.broadcast_to(to_uint8(frame), (height, width, 3))
            pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def _import_av():  # noqa: ANN202
    try:
        import av
    except ImportError:
        raise UserError(
            "Writing .mp4 needs PyAV: pip install 'kerasgan[video]', or give .gif or .webp"
        ) from None
    return av
