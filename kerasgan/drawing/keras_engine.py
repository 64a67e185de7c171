"""Keras models drawn by TensorFlow."""

import functools
import hashlib
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from kerasgan.drawing.any_size.tiles import tile_drawer
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.engine import EngineName, TileDrawer
from kerasgan.drawing.size import Size
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.networks.cppn_render import is_cppn
from kerasgan.networks.label_sets import one_hot_generator


class KerasEngine:
    """A Keras model as `kerasgan.drawing.engine.Engine`.

    Args:
        model: The model.
    """

    engine: EngineName = "tensorflow"
    strip_rows: int | None = None
    misfits: tuple[type[Exception], ...] = (IndexError, tf.errors.InvalidArgumentError)

    def __init__(self, model: GenerativeModel) -> None:
        self._model = model

    @property
    def draws_any_size(self) -> bool:
        return is_cppn(self._model.sampling_generator)

    @property
    def has_encoder(self) -> bool:
        return "encoder" in self._model.networks

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for weight in self._model.sampling_generator.get_weights():
            digest.update(np.ascontiguousarray(weight).tobytes())
        return digest.hexdigest()[:16]

    def numbered_latents(self, numbers: Sequence[int], *, seed: int) -> np.ndarray:
        # A seed's first latents are the same however many follow.
        return self._model.draw_latents(max(numbers) + 1, seed=seed)[list(numbers)]

    def generate_from_parts(self, latents: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
        generator = one_hot_copy(self._model.sampling_generator)
        drawn = generator([latents, *parts], training=False)
        return self._model.image_range.to_user(drawn).numpy()

    def tile_drawer(self, latent: np.ndarray, size: Size, view: View) -> TileDrawer:
        return tile_drawer(self._model, latent, size, view)


def one_hot_copy(generator: keras.Model) -> keras.Model:
    """Returns what `one_hot_generator` does of a copy of a generator, with its weights of now.

    Keras cannot save a model any more from which a part was taken.
    """
    part, copy = _one_hot_copy(generator)
    copy.set_weights(generator.get_weights())
    return part


# A morph between classes takes the same part for each of its frames.
@functools.lru_cache(maxsize=4)
def _one_hot_copy(generator: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Returns the part of a copy of the generator, and the copy."""
    copy = keras.models.clone_model(generator)
    return one_hot_generator(copy), copy
