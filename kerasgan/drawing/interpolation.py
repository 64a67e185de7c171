"""Ways between latents, in numpy.

References:
    Shoemake, "Animating rotation with quaternion curves", 1985 (slerp).
    White, "Sampling Generative Networks", 2016, https://arxiv.org/abs/1609.04468, section 2.1.
    Ha, "Generating Large Images from Latent Vectors", 2016, with its code (sinusoidal time).
"""

from collections.abc import Callable

import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.errors import UserError

Interpolation = Callable[[np.ndarray, np.ndarray, float], np.ndarray]

# Below this sine of the angle between two latents, a direction of turning is rounding error.
_SMALLEST_SINE = 1e-6


def lerp(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Returns (1 - t) start + t end, the straight line; exact at both ends."""
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    return ((1.0 - t) * start + t * end).astype(np.float32)


def slerp(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Returns a latent on the arc between two, exact at both ends.

    With the angle theta between `start` and `end`,

        slerp(a, b, t) = sin((1 - t) theta) / sin(theta) a + sin(t theta) / sin(theta) b

    Between latents of equal length it keeps that length, where the straight line passes nearer to
    the origin than samples of N(0, I) ever lie. Between latents of the same or of opposite
    directions, which have no arc of their own, it is `lerp`.
    """
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    cosine = np.clip(np.dot(start, end) / lengths, -1.0, 1.0) if lengths > 0.0 else 1.0
    theta = np.arccos(cosine)
    if np.sin(theta) < _SMALLEST_SINE:
        return lerp(start, end, t)
    a, b = np.sin((1.0 - t) * theta), np.sin(t * theta)
    return ((a * start + b * end) / np.sin(theta)).astype(np.float32)


INTERPOLATIONS: dict[str, Interpolation] = {"lerp": lerp, "slerp": slerp}


def positions(
    stations: int, frames: int, *, sinusoid: bool = False, loop: bool = False
) -> list[tuple[int, float]]:
    """Returns where each frame of a way through stations is.

    Args:
        stations: The number of stations, at least 2.
        frames: Frames from one station to the next, counting both ends; at least 2.
        sinusoid: Whether time is sinusoidal: at the part p of a leg's time the frame is at the
            part sin(p pi/2) of the leg, fast away from a station and slow towards the next (Ha's
            code).
        loop: Whether the way returns to the first station; it ends one frame before it.

    Returns:
        For each frame the number of the station that it comes from and the part of the leg to the
        next one, in [0, 1]. A station between two legs has one frame.

    Raises:
        ValueError: There are fewer than two stations or frames, or frames are not whole.
    """
    if stations < 2:
        raise UserError(f"A way needs at least two stations. Received: {stations}")
    frames = whole_number("frames", frames, least=2)
    legs = stations if loop else stations - 1
    parts = np.arange(frames - 1) / (frames - 1)
    if sinusoid:
        parts = np.sin(parts * np.pi / 2.0)
    way = [(leg, float(part)) for leg in range(legs) for part in parts]
    return way if loop else [*way, (legs - 1, 1.0)]


def along(
    points: np.ndarray, way: list[tuple[int, float]], interpolation: Interpolation = lerp
) -> np.ndarray:
    """Returns the latent of each frame.

    Args:
        points: Latents of the stations, `(stations, latent_dim)`.
        way: What `positions` returns for that number of stations.
        interpolation: `lerp` or `slerp`.

    Returns:
        float32 `(frames, latent_dim)`.
    """
    count = len(points)
    return np.stack([interpolation(points[i], points[(i + 1) % count], t) for i, t in way])
