"""The critic's choice among pictures.

Jones and Bonafilia show pictures that their critic chose: those it classifies as the genre that
was asked for with high confidence, and of these the ones that it judges most real. Their code
keeps confidences above 0.95, lowers that by a tenth where too few pass, and ranks by realness.

Reference:
    Jones and Bonafilia, "GANGogh: Creating Art with GANs", 2017,
    https://github.com/rkjones4/GANGogh
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from kerasgan.models import AdversarialModel

CONFIDENCE = 0.95
_LOWERED = 0.9


class Verdict(NamedTuple):
    """What a critic says of pictures.

    Attributes:
        realness: float32 `(n,)`, its scores; higher is more real, on a scale of its own.
        confidence: float32 `(n,)` in [0, 1], the softmax probability of the classes that were
            asked for, of several label sets the lowest; `None` where none were asked for.
    """

    realness: np.ndarray
    confidence: np.ndarray | None


def judge(
    model: AdversarialModel,
    images: np.ndarray,
    labels: dict[str, np.ndarray] | None = None,
    *,
    batch_size: int = 64,
) -> Verdict:
    """Asks a model's critic about pictures.

    Args:
        model: The model.
        images: `(n, height, width, channels)`, float in [0, 1] or uint8.
        labels: The class numbers `(n,)` that were asked for, by the name of the label set.
        batch_size: Pictures judged at once.
    """
    output = model.discriminate(images, batch_size=batch_size)
    realness = output.scores[:, 0]
    if not labels:
        return Verdict(realness, None)
    rows = np.arange(len(images))
    confidences = [
        tf.nn.softmax(output.class_logits[name]).numpy()[rows, numbers]
        for name, numbers in labels.items()
    ]
    return Verdict(realness, np.min(confidences, axis=0))


def choose(verdict: Verdict) -> int:
    """Returns the index of the picture that the critic chooses.

    The most real of those whose class it tells with a confidence of at least `CONFIDENCE`; where
    there are none, the demand is lowered by a tenth until there are. Without classes, the most
    real of all.
    """
    realness = np.nan_to_num(verdict.realness, nan=-np.inf)
    if verdict.confidence is None:
        return int(np.argmax(realness))
    confidence, demand = np.nan_to_num(verdict.confidence), CONFIDENCE
    while not (confidence >= demand).any():
        demand = demand * _LOWERED if demand > 1e-9 else 0.0
    return int(np.argmax(np.where(confidence >= demand, realness, -np.inf)))
