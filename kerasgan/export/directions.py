"""The directions of the latent in which a model's pictures change most.

They are the leading eigenvectors of

    C = E_z [J(z)^T J(z)],    J = dG / dz

the mean over latents z of N(0, I) of how much the pictures G(z), all of their values in [0, 1],
change with z: a step of length e in the direction w changes a picture by e sqrt(w^T C w) on the
root mean square. With one random vector v of N(0, I) for each latent, J^T v is one backward pass
and E_v [J^T v v^T J] = J^T J, so C is the mean of the products of such gradients.

Reference:
    Constantine, Dow and Wang, "Active Subspace Methods in Theory and Practice: Applications to
    Kriging Surfaces", 2014, https://arxiv.org/abs/1304.2070, section 3 (the eigenvectors of C).
"""

from typing import Any

import numpy as np
import tensorflow as tf

from kerasgan.drawing.drawable import own_size
from kerasgan.models.base.generative_model import GenerativeModel

_BATCH = 32


def leading_directions(
    model: GenerativeModel, count: int = 10, *, gradients: int = 512, seed: int = 0
) -> np.ndarray:
    """Returns the directions in which a model's pictures change most, the strongest first.

    Args:
        model: The model. The classes of a conditional model are random.
        count: How many; at most as many as the latent is long.
        gradients: The number of latents over which the mean is taken.
        seed: Seed of these latents and of the vectors v.

    Returns:
        float32 `(count, latent_dim)`, orthonormal rows. The largest number of each is positive.
    """
    size = own_size(model)
    shape = size.height, size.width, model.image_shape[2]
    latents = model.draw_latents(gradients, seed=seed)
    labels = list(model.numbered_labels(None, gradients, seed=seed).values())
    random = np.random.default_rng(seed)

    @tf.function(autograph=False)
    def gradient(z: tf.Tensor, labels: list[tf.Tensor], v: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(z)
            projection = tf.reduce_sum(model([z, *labels] if labels else z) * v)
        return tape.gradient(projection, z)

    covariance = np.zeros((model.latent_dim, model.latent_dim))
    for first in range(0, gradients, _BATCH):
        part = slice(first, first + _BATCH)
        z = tf.constant(latents[part])
        v = random.standard_normal((len(z), *shape), np.float32)
        drawn = gradient(z, [tf.constant(each[part]) for each in labels], tf.constant(v)).numpy()
        covariance += drawn.T.astype(np.float64) @ drawn / gradients
    _, vectors = np.linalg.eigh(covariance)
    leading = vectors.T[::-1][:count]
    largest = np.take_along_axis(leading, np.abs(leading).argmax(axis=1)[:, np.newaxis], axis=1)
    return (leading * np.sign(largest)).astype(np.float32)
