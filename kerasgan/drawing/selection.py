"""Pictures that the critic selects.

Jones and Bonafilia show pictures that their critic selected: those that it classifies as the
requested genre with high confidence, and of these the most real. Their code requires a confidence
above 0.95, lowers that by a tenth where too few pictures pass, and ranks by realness.

Reference:
    Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017,
    https://github.com/rkjones4/GANGogh
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from kerasgan.drawing.latents import seeded_latents
from kerasgan.drawing.provenance import BATCH_SIZE, Selection
from kerasgan.models import AdversarialModel

CONFIDENCE = 0.95
_LOWERED = 0.9


class CriticScores(NamedTuple):
    """What a critic says of pictures.

    Attributes:
        realness: float32 `(n,)`, its scores; higher is more real, on a scale of its own. Those of
            a `ProjectedCGAN` are of pictures of the requested classes.
        confidence: float32 `(n,)` in [0, 1], the softmax probability of the requested classes,
            the lowest of several label sets; `None` where no class was requested, or the critic
            does not classify.
    """

    realness: np.ndarray
    confidence: np.ndarray | None


def select_latents(
    model: AdversarialModel,
    seed: int,
    labels: Mapping[str, Sequence[str]],
    *,
    truncation: float | None,
    psi: float | None,
    count: int,
    best_of: int,
    progress: bool = False,
) -> tuple[tuple[int, ...], Selection]:
    """Lets the critic select latents of a seed.

    Args:
        model: The model.
        seed: Seed of the latents.
        labels: The class of each picture, by the name of its label set.
        truncation: Threshold of the latents; see `kerasgan.drawing.truncate`.
        psi: Factor of the latents; see `kerasgan.drawing.towards_mean`.
        count: The number of pictures to select.
        best_of: The number of candidates for each picture.
        progress: Whether to show a progress bar on stderr when it takes over a second.

    Returns:
        The numbers of the selected latents, and what the critic says of them.
    """
    selected, realness, confidence = [], [], []
    for index in tqdm(range(count), "Selecting", delay=1, leave=False, disable=not progress):
        candidates = tuple(range(index * best_of, (index + 1) * best_of))
        latents = seeded_latents(model, seed, candidates, truncation=truncation, psi=psi)
        requested = {name: [values[index]] * best_of for name, values in labels.items()}
        images = model.generate(latents, requested or None, seed=seed, batch_size=BATCH_SIZE)
        numbers = model.numbered_labels(requested or None, best_of, seed=seed)
        scores = critic_scores(model, images, numbers)
        best = best_candidate(scores)
        selected.append(candidates[best])
        realness.append(_brief(scores.realness[best]))
        if scores.confidence is not None:
            confidence.append(_brief(scores.confidence[best]))
    return tuple(selected), Selection(best_of, tuple(realness), tuple(confidence))


def critic_scores(
    model: AdversarialModel,
    images: np.ndarray,
    labels: Mapping[str, np.ndarray] | None = None,
    *,
    batch_size: int = 64,
) -> CriticScores:
    """Returns what a model's critic says of pictures.

    Args:
        model: The model.
        images: `(n, height, width, channels)`, float in [0, 1] or uint8.
        labels: The requested class numbers `(n,)`, by the name of the label set.
        batch_size: The number of pictures that the critic sees at once.
    """
    output = model.discriminate(images, batch_size=batch_size)
    output = output._replace(labels=labels or {})
    realness = np.asarray(model.scores_as_classes(output))[:, 0]
    if not labels or not model.classifies:
        return CriticScores(realness, None)
    rows = np.arange(len(images))
    confidences = [
        tf.nn.softmax(output.class_logits[name]).numpy()[rows, numbers]
        for name, numbers in labels.items()
    ]
    return CriticScores(realness, np.min(confidences, axis=0))


def best_candidate(scores: CriticScores) -> int:
    """Returns the index of the picture that the critic selects.

    It is the most real of those whose class the critic recognizes with a confidence of at least
    `CONFIDENCE`; where there are none, the demand is lowered by a tenth until there are. Without
    classes, it is the most real of all.
    """
    realness = np.nan_to_num(scores.realness, nan=-np.inf)
    if scores.confidence is None:
        return int(np.argmax(realness))
    confidence, demand = np.nan_to_num(scores.confidence), CONFIDENCE
    while not (confidence >= demand).any():
        demand = demand * _LOWERED if demand > 1e-9 else 0.0
    return int(np.argmax(np.where(confidence >= demand, realness, -np.inf)))


def _brief(value: float) -> float:
    """Returns a number with six significant digits, all that is worth keeping."""
    return float(f"{value:.6g}")
