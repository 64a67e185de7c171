"""Ways between latents, and latents nearer to the middle.

A generator's latents are draws of N(0, I). Everything here is a function of latents in numpy.

References:
    Shoemake, "Animating rotation with quaternion curves", 1985 (slerp).
    White, "Sampling Generative Networks", 2016, https://arxiv.org/abs/1609.04468, section 2.1.
    Ha, "Generating Large Images from Latent Vectors", 2016, with its code (sinusoidal time).
    Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
    Synthesis", 2019, https://arxiv.org/abs/1809.11096, section 3.1 (truncation).
"""

from collections.abc import Callable

import numpy as np

Interpolation = Callable[[np.ndarray, np.ndarray, float], np.ndarray]

# Below this sine of the angle between two latents, a direction of turning is rounding error.
_SMALLEST_SINE = 1e-6


def lerp(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Returns (1 - t) start + t end, the straight way; exact at both ends."""
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    return ((1.0 - t) * start + t * end).astype(np.float32)


def slerp(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Returns a latent on the arc between two, exact at both ends.

    With the angle theta between `start` and `end`,

        slerp(a, b, t) = sin((1 - t) theta) / sin(theta) a + sin(t theta) / sin(theta) b

    Between latents of equal length it keeps that length, where the straight way passes nearer to
    the origin than draws of N(0, I) ever lie. Latents of the same or of opposite directions have
    no arc of their own; between them it is `lerp`.
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


def truncate(latents: np.ndarray, threshold: float) -> np.ndarray:
    """Maps draws of N(0, 1) to draws of N(0, 1) cut off at +-threshold.

    Brock et al. draw anew every value whose magnitude is above a threshold: fewer kinds of
    pictures, and likelier ones. This is the same distribution by its inverse,

        z' = Phi^-1(Phi(-c) + (Phi(c) - Phi(-c)) Phi(z))

    with the distribution function Phi of N(0, 1) and the threshold c, so that a latent moves
    steadily as c falls, and a picture can be recognized at another threshold.

    Args:
        latents: Draws of N(0, 1), of any shape.
        threshold: c, positive.

    Returns:
        float32 in [-threshold, threshold], of the shape of `latents`.

    Raises:
        ValueError: The threshold is not positive.
    """
    import tensorflow as tf

    if not threshold > 0.0:
        raise ValueError(f"truncation must be positive. Received: {threshold}")
    z = tf.constant(latents, tf.float64)

    def phi(value: tf.Tensor | float) -> tf.Tensor:
        return 0.5 * tf.math.erfc(-tf.cast(value, tf.float64) / np.sqrt(2.0))

    low, high = phi(-threshold), phi(threshold)
    # Far in the upper tail Phi rounds to 1, so that tail is taken as the lower one's mirror.
    lower = tf.math.ndtri(low + (high - low) * phi(-tf.abs(z)))
    return np.clip((-tf.sign(z) * lower).numpy(), -threshold, threshold).astype(np.float32)


def positions(
    stations: int, frames: int, *, sinusoid: bool = False, loop: bool = False
) -> list[tuple[int, float]]:
    """Returns where each frame of a way through stations is.

    Args:
        stations: How many there are.
        frames: Frames from one station to the next, both included; at least 2.
        sinusoid: Whether time is sinusoidal: the part p of a leg's time takes the frame the part
            sin(p pi/2) of the way, fast away from a station and slow towards the next (Ha's code).
        loop: Whether the way returns to the first station, and ends a frame before it.

    Returns:
        For each frame the number of the station it comes from and the part of the way to the next
        one, in [0, 1]. Stations between two legs have one frame.

    Raises:
        ValueError: There are fewer than two stations or frames.
    """
    if stations < 2:
        raise ValueError(f"A way needs two stations or more. Received: {stations}")
    if frames < 2:
        raise ValueError(f"frames must be at least 2, both ends. Received: frames={frames}")
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
        way: What `positions` returned for as many stations.
        interpolation: `lerp` or `slerp`.

    Returns:
        float32 `(frames, latent_dim)`.
    """
    count = len(points)
    return np.stack([interpolation(points[i], points[(i + 1) % count], t) for i, t in way])
