"""Latents of pictures, found by gradient descent on the generator's input.

References:
    Creswell and Bharath, "Inverting the Generator of a Generative Adversarial Network", 2016,
    https://arxiv.org/abs/1611.05644 (descent on z, with the latents' prior).
    Zhu et al., "Generative Visual Manipulation on the Natural Image Manifold", 2016,
    https://arxiv.org/abs/1609.03552, section 3.1 (several starts, of which the best is kept).
"""

import functools
import math
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from kerasgan.models import AdversarialModel

STEPS = 200
_STARTS = 256
_KEPT_STARTS = 4
_RATE = 0.1
_BETAS = 0.9, 0.999


def invert(
    model: AdversarialModel,
    images: np.ndarray,
    labels: dict[str, np.ndarray] | None = None,
    *,
    steps: int = STEPS,
    prior_weight: float = 1e-4,
    progress: bool = False,
) -> np.ndarray:
    """Finds latents that a generator draws pictures from.

    For a picture x in [0, 1] it minimizes

        L(z) = mean_pixels (G(z) - x)^2 + prior_weight mean(z^2)

    the second term being, up to a constant, the negative log-likelihood of z under N(0, I). Of
    256 random latents it takes the four with the least L, descends from each by Adam, its rate
    falling from 0.1 along a cosine to 0, and keeps the least of all that it meets. The same
    pictures give the same latents each time.

    Args:
        model: The model.
        images: `(n, height, width, channels)` of the generator's size, float32 in [0, 1].
        labels: For a conditional generator the class numbers `(n,)` of each label set.
        steps: Steps of descent.
        prior_weight: See above.
        progress: Whether to show a progress bar on stderr.

    Returns:
        float32 `(n, latent_dim)`.
    """
    step = _step(model, prior_weight)
    with tqdm(
        desc="Looking for latents",
        total=len(images) * steps,
        delay=1,
        leave=False,
        disable=not progress,
    ) as bar:
        found = []
        for index, image in enumerate(images):
            numbers = [labels[name][index] for name in model.condition]
            bound = functools.partial(
                step, image=tf.constant(image), numbers=tf.constant(numbers, tf.int32)
            )
            found.append(_descend(model.draw_latents(_STARTS, seed=0), bound, steps, bar))
    return np.stack(found)


def _step(model: AdversarialModel, prior_weight: float) -> Callable:
    """Returns the graph of L, the mean squared error and dL/dz, of latents of one picture."""

    @tf.function(reduce_retracing=True)
    def step(
        latents: tf.Tensor, image: tf.Tensor, numbers: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        labels = [tf.fill(tf.shape(latents)[:1], each) for each in tf.unstack(numbers)]
        with tf.GradientTape() as tape:
            tape.watch(latents)
            drawn = model([latents, *labels] if labels else latents)
            errors = tf.reduce_mean(tf.square(drawn - image), axis=[1, 2, 3])
            total = errors + prior_weight * tf.reduce_mean(tf.square(latents), axis=1)
        return total, errors, tape.gradient(total, latents)

    return step


def _descend(starts: np.ndarray, step: Callable, steps: int, bar: tqdm) -> np.ndarray:
    """Returns the best latent `(latent_dim,)` that Adam meets from the best of the starts."""
    totals = np.concatenate([step(part)[0] for part in np.split(starts, _STARTS // 64)])
    latents = starts[np.argsort(totals, kind="stable")[:_KEPT_STARTS]]
    mean, square = np.zeros_like(latents), np.zeros_like(latents)
    best, least = latents[0], math.inf
    index = 0
    while True:
        total, errors, gradient = (value.numpy() for value in step(tf.constant(latents)))
        leader = int(np.argmin(total))
        if total[leader] < least:
            best, least = latents[leader].copy(), total[leader]
            bar.set_postfix(error=f"{errors[leader]:.4f}", refresh=False)
        if index == steps:
            return best
        mean = _BETAS[0] * mean + (1.0 - _BETAS[0]) * gradient
        square = _BETAS[1] * square + (1.0 - _BETAS[1]) * gradient**2
        rate = _RATE * 0.5 * (1.0 + math.cos(math.pi * index / steps))
        unbiased = mean / (1.0 - _BETAS[0] ** (index + 1))
        scale = np.sqrt(square / (1.0 - _BETAS[1] ** (index + 1))) + 1e-8
        latents = (latents - rate * unbiased / scale).astype(np.float32)
        index += 1
        bar.update()
