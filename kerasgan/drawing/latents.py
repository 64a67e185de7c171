"""Latents of seeds and of provenances, checked and truncated."""

import base64
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.argument_checks import number_or_nan, whole_number
from kerasgan.drawing.drawable import engine_of
from kerasgan.drawing.provenance import MOST_PSI, Provenance
from kerasgan.errors import UserError, shortened
from kerasgan.latent_arguments import latent_array

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


def seeded_latents(
    model: "Drawable",
    seed: int,
    numbers: tuple[int, ...],
    *,
    truncation: float | None = None,
    psi: float | None = None,
) -> np.ndarray:
    """Returns the latents with these numbers, counted from 0, among those of a seed.

    Returns:
        float32 `(len(numbers), latent_dim)`, truncated as `truncate` and `towards_mean` do.
    """
    return _truncated(engine_of(model).numbered_latents(numbers, seed=seed), truncation, psi)


def first_latents(
    model: "Drawable",
    seeds: Sequence[int],
    *,
    truncation: float | None = None,
    psi: float | None = None,
) -> np.ndarray:
    """Returns the first latent of each seed.

    Returns:
        float32 `(len(seeds), latent_dim)`, truncated as `truncate` and `towards_mean` do.
    """
    latents = np.concatenate([model.draw_latents(1, seed=seed) for seed in seeds])
    return _truncated(latents, truncation, psi)


def latents_of(model: "Drawable", provenance: Provenance) -> np.ndarray:
    """Returns the latents of a provenance, `(n, latent_dim)` float32."""
    truncated = {"truncation": provenance.truncation, "psi": provenance.psi}
    if provenance.seeds and not provenance.latents:
        return first_latents(model, provenance.seeds, **truncated)
    if provenance.latents or provenance.seed is None:
        return unpacked(provenance.latents, model.latent_dim)
    return seeded_latents(model, provenance.seed, provenance.numbers, **truncated)


def packed(latents: np.ndarray) -> str:
    """Returns latents as text, to the last bit."""
    return base64.b64encode(np.ascontiguousarray(latents, "<f4").tobytes()).decode()


def unpacked(text: str, latent_dim: int) -> np.ndarray:
    """Returns the latents `(n, latent_dim)` from the text that `packed` returned.

    Raises:
        UserError: The text is damaged or empty, or the latents have another length or are not
            finite.
    """
    try:
        latents = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
        latents = latents.reshape(-1, latent_dim).astype(np.float32)
    except ValueError:
        raise UserError(
            f"The picture's latents are not of length {latent_dim}, as the model's are; use the "
            "model that drew the picture"
        ) from None
    if not len(latents) or not np.isfinite(latents).all():
        raise UserError("The picture's latents are missing or not finite; its settings are damaged")
    return latents


def towards_mean(latents: np.ndarray, psi: float | None) -> np.ndarray:
    """Moves latents towards their mean by a factor psi.

        z' = mean + psi (z - mean)

    The latents of every model here are samples of N(0, I), so the mean is 0 and z' is psi z. With a
    psi of 1 nothing changes; a smaller one gives likelier pictures with less variety, and 0 gives
    one and the same picture. A psi above 1 exaggerates, and a negative one leads to the opposite.
    Unlike `truncate`, the truncation trick of Brock et al., it shortens all values alike. Karras et
    al. move the latents w of their generator so; here it is z itself.

    Reference:
        Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative Adversarial
        Networks", 2019, https://arxiv.org/abs/1812.04948, appendix B.

    Args:
        latents: Samples of N(0, 1), of any shape.
        psi: The factor, from -10 to 10; `None` is 1.

    Returns:
        float32 of the shape of `latents`.

    Raises:
        UserError: psi is not a number or is out of range.

    Example:
    >>> towards_mean(np.array([1.0, -2.0]), 0.5)
    array([ 0.5, -1. ], dtype=float32)
    """
    latents = np.asarray(latents, np.float32)
    return latents if psi is None else latents * np.float32(check_psi(psi))


def check_psi(psi: float) -> float:
    """Returns a factor of latents.

    Raises:
        UserError: It is not a number or is out of range.
    """
    if not abs(number_or_nan(psi)) <= MOST_PSI:
        raise UserError(
            f"psi must be a number from {-MOST_PSI:g} to {MOST_PSI:g}. "
            f"Received: psi={shortened(repr(psi))}"
        )
    return float(psi)


def truncate(latents: np.ndarray, threshold: float) -> np.ndarray:
    """Maps samples of N(0, 1) to samples of N(0, 1) cut off at +-threshold.

    Brock et al. resample every value whose magnitude is above a threshold, which gives likelier
    pictures with less variety. This is the same distribution by its inverse,

        z' = Phi^-1(Phi(-c) + (Phi(c) - Phi(-c)) Phi(z))

    with the distribution function Phi of N(0, 1) and the threshold c, so that a latent moves
    continuously as c falls, and its picture stays recognizable at another threshold.

    Reference:
        Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
        Synthesis", 2019, https://arxiv.org/abs/1809.11096, section 3.1.

    Args:
        latents: Samples of N(0, 1), of any shape.
        threshold: c, positive.

    Returns:
        float32 in [-threshold, threshold], of the shape of `latents`.

    Raises:
        ValueError: The threshold is not a number, or is not positive.
    """
    if not number_or_nan(threshold) > 0.0:
        raise UserError(
            "truncation must be a positive number. "
            f"Received: truncation={shortened(repr(threshold))}"
        )
    # It takes a while to import, and most pictures are drawn without.
    from statistics import NormalDist

    normal = NormalDist()
    low, high = _phi(-threshold), _phi(threshold)

    def truncated(z: float) -> float:
        # Far in the upper tail Phi rounds to 1, so that tail is computed as the mirror of the
        # lower.
        lower = low + (high - low) * _phi(-abs(z))
        return math.copysign(normal.inv_cdf(lower) if lower > 0.0 else threshold, z)

    latents = np.asarray(latents)
    values = [truncated(z) for z in latents.ravel().tolist()]
    return np.clip(values, -threshold, threshold).astype(np.float32).reshape(latents.shape)


def _phi(value: float) -> float:
    return 0.5 * math.erfc(-value / math.sqrt(2.0))


def _truncated(latents: np.ndarray, truncation: float | None, psi: float | None) -> np.ndarray:
    latents = latents if truncation is None else truncate(latents, truncation)
    return towards_mean(latents, psi)


def checked_latents(model: "Drawable", latents: np.ndarray) -> np.ndarray:
    """Returns latents as float32 `(n, latent_dim)`.

    Raises:
        ValueError: They have another shape or are not finite.
    """
    latents = latent_array(latents, model.latent_dim)
    if not np.isfinite(latents).all():
        raise UserError("Latents must be finite")
    return latents


def checked_seed(seed: int) -> int:
    """Returns a seed that a file can keep.

    Raises:
        ValueError: It is not an integer, or has more than 64 bits.
    """
    seed = whole_number("seed", seed)
    if not -(2**63) <= seed < 2**63:
        raise UserError(f"A seed must have at most 64 bits. Received: {seed}")
    return seed
