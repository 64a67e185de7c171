"""How a trained model draws images."""

import operator

import keras
import numpy as np
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.image_range import ImageRange


class Sampling:
    """What a `keras.Model` needs to draw images with its `generator`.

    It reads the model's `generator`, `ema_generator` and `image_range`.
    """

    generator: keras.Model
    ema_generator: keras.Model | None
    image_range: ImageRange

    @property
    def latent_dim(self) -> int:
        """Length of the generator's latents."""
        return self.generator.inputs[0].shape[-1]

    @property
    def image_shape(self) -> tuple[int | None, int | None, int]:
        """`(height, width, channels)` of the generator's images."""
        return tuple(self.generator.outputs[0].shape[1:])

    @property
    def sampling_generator(self) -> keras.Model:
        """The network that `generate` draws with: the moving average where there is one."""
        return self.generator if self.ema_generator is None else self.ema_generator

    def call(self, latents: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Draws images, float32 in [0, 1], from latents `(batch, latent_dim)`."""
        return self.image_range.to_user(self.sampling_generator(latents, training=training))

    def draw_latents(self, count: int, *, seed: int | None = None) -> np.ndarray:
        """Returns latents `(count, latent_dim)`, float32 N(0, 1); the same for the same seed."""
        if seed is None:
            seed = int(np.random.SeedSequence().generate_state(1)[0])
        shape = (count, self.latent_dim)
        return stateless.normal(shape, seed=seed, step=0, purpose="generate").numpy()

    def generate(
        self,
        latents: int | np.ndarray = 1,
        labels: None = None,
        *,
        seed: int | None = None,
        batch_size: int = 64,
    ) -> np.ndarray:
        """Draws images.

        Args:
            latents: How many images, or latents `(n, latent_dim)` to draw them from.
            labels: Must be `None`: this objective knows no classes.
            seed: Seed of the latents; the same seed gives the same pictures, and the first of
                many are those of few. `None` takes a new one each time.
            batch_size: Images drawn at once.

        Returns:
            Images `(n, height, width, channels)`, float32 in [0, 1].

        Raises:
            ValueError: A count is not a positive whole number, latents have another shape, or
                labels are given.
        """
        if labels is not None:
            raise ValueError(f"{type(self).__name__} has no labels. Received: labels={labels!r}")
        _check_positive("batch_size", batch_size)
        if np.ndim(latents) == 0:
            _check_positive("The number of images", latents)
            latents = self.draw_latents(operator.index(latents), seed=seed)
        latents = np.asarray(latents, np.float32)
        if latents.ndim != 2 or latents.shape[1] != self.latent_dim or len(latents) == 0:
            raise ValueError(
                f"Latents must have the shape (n, {self.latent_dim}). Received: {latents.shape}"
            )
        batches = range(0, len(latents), batch_size)
        return np.concatenate(
            [np.asarray(self(latents[first : first + batch_size])) for first in batches]
        )


def _check_positive(name: str, count: int) -> None:
    try:
        whole = operator.index(count)
    except TypeError:
        whole = 0
    if whole < 1:
        raise ValueError(f"{name} must be a positive whole number. Received: {count!r}")
