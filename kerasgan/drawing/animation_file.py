"""Files of animations: GIF, WebP and MP4."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from kerasgan.argument_checks import number_or_nan
from kerasgan.drawing.drawn_picture import check_numbered_folder
from kerasgan.drawing.overwriting import KEYWORD
from kerasgan.drawing.picture import (
    check_ending,
    check_side,
    picture_format,
    to_picture,
    to_uint8,
)
from kerasgan.drawing.provenance import FASTEST, SLOWEST, text_as_json
from kerasgan.errors import UserError, shortened
from kerasgan.files.atomic import atomic_path, atomic_write, check_writable
from kerasgan.files.new_folder import means_folder
from kerasgan.files.user_path import user_path
from kerasgan.version import signature

FORMATS = (".gif", ".webp", ".mp4")
# Browsers slow frames shorter than this down to a tenth of a second.
_SHORTEST_GIF_FRAME = 0.02
# Of all frames that are held in memory: 2 GiB with the four bytes of a WebP's.
_MOST_PIXELS = 2**29


def check_animation_path(path: str | Path, *, fps: float = 24.0, force: bool = False) -> Path:
    """Returns a path that an animation can be written to, checked before anything is drawn.

    Args:
        path: The file or folder.
        fps: Frames per second.
        force: Whether a folder's pictures are replaced; see `check_numbered_folder`.

    Raises:
        UserError: The format cannot hold an animation or its speed, a package for it is missing,
            or a folder cannot be written to.
    """
    path = user_path(path)
    ending = path.suffix.lower()
    if means_folder(path):
        check_numbered_folder(path, force=force)
    else:
        check_ending(path, FORMATS, "an animation", instead=" or a folder")
    fps = check_fps(fps)
    if ending == ".gif" and 1.0 / fps < _SHORTEST_GIF_FRAME:
        raise UserError(f"{path}: a .gif plays at most 50 frames per second, not {fps:g}")
    if ending == ".mp4":
        _import_av()
    check_writable(path.parent)
    return path


def check_fps(fps: float) -> float:
    """Returns a number of frames per second.

    Raises:
        UserError: It is not a number or is out of range.
    """
    if not SLOWEST <= number_or_nan(fps) <= FASTEST:
        raise UserError(
            f"fps must be a number of frames per second from {SLOWEST:g} to {FASTEST:g}. "
            f"Received: fps={shortened(repr(fps))}"
        )
    return float(fps)


def save_animation(
    frames: Collection[np.ndarray],
    path: str | Path,
    *,
    fps: float = 24.0,
    text: Mapping[str, str] | None = None,
) -> Path:
    """Writes frames to a `.gif` or `.webp` file, which repeats for ever, or to an `.mp4` file.

    A GIF has 256 colours in each frame and times in hundredths of a second. WebP is lossless. MP4
    is H.264, which is lossy; sides of an odd length get one more row or column.

    Args:
        frames: Images of one size `(height, width, 1 or 3)`, float in [0, 1] or uint8. Each is
            taken once, in order.
        path: The file.
        fps: Frames per second.
        text: Texts by their keywords, for a GIF or WebP file; see `kerasgan.drawing.provenance`.

    Raises:
        UserError: The format cannot hold these frames, a package for it is missing, or the file
            cannot be written.
        ValueError: There are no frames, or they have different sizes.
    """
    path = check_animation_path(path, fps=fps)
    if not len(frames):
        raise UserError("An animation needs frames, all of one size")
    if path.suffix.lower() == ".mp4":
        with atomic_path(path) as temporary:
            _write_video(_of_one_size(frames), temporary, _rate(fps))
        return path
    kind = picture_format(path)
    pictures = map(to_picture, _of_one_size(frames))
    first = next(pictures)
    check_side(path, kind, *first.size, instead="a folder")
    _check_in_memory(path, len(frames), *first.size)
    # GIF counts in hundredths. The times of all frames are rounded together, so that none drifts.
    unit = 10 if kind == "GIF" else 1
    times = np.rint(np.arange(len(frames) + 1) * 1000.0 / unit / fps).astype(int) * unit
    with atomic_write(path) as file:
        first.save(
            file,
            format=kind,
            save_all=True,
            append_images=pictures,
            duration=np.diff(times).tolist(),
            loop=0,
            **({} if kind == "GIF" else {"lossless": True}),
            **_comment(kind, {KEYWORD: signature(), **(text or {})}),
        )
    return path


def _check_in_memory(path: Path, count: int, width: int, height: int) -> None:
    """Refuses frames that Pillow, which holds all of a GIF or WebP, has no memory for."""
    if count * width * height > _MOST_PIXELS:
        raise UserError(
            f"{path}: {count:,} frames of {width}x{height} do not fit in memory together, where "
            "a .gif and a .webp are made; write an .mp4 or a folder, or fewer or smaller frames"
        )


def _of_one_size(frames: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    shapes = set()
    for frame in frames:
        shapes.add(np.shape(frame))
        if len(shapes) > 1:
            raise UserError("An animation needs frames, all of one size")
        yield frame


def _comment(kind: str, text: Mapping[str, str]) -> dict[str, bytes | Image.Exif]:
    """Returns the Pillow option that keeps texts in a file."""
    if kind == "GIF":
        return {"comment": text_as_json(text).encode()}
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = text_as_json(text)
    return {"exif": exif}


def _rate(fps: float) -> Fraction:
    """Returns frames per second as a fraction, such as 30000/1001 for 29.97."""
    rate = Fraction(fps)
    return rate.limit_denominator(1001) if fps >= 1.0 else 1 / (1 / rate).limit_denominator(1001)


def _write_video(frames: Iterator[np.ndarray], path: Path, rate: Fraction) -> None:
    av = _import_av()
    with av.open(str(path), "w", format="mp4") as container:
        first = next(frames)
        height, width = np.shape(first)[:2]
        # Every player shows 4:2:0. It has colour at every second row and column, so sides are even.
        stream = container.add_stream("libx264", rate=rate, options={"crf": "17"})
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        for frame in itertools.chain([first], frames):
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
            "Writing .mp4 needs PyAV: pip install 'kerasgan[video]', or choose .gif or .webp"
        ) from None
    return av
