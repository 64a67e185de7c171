"""A model that draws images with a generator."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import check_between, whole_number
from kerasgan.class_names import Labels, check_class_names, numbered_labels
from kerasgan.errors import shortened
from kerasgan.keras_private import layers_of
from kerasgan.latent_arguments import image_count, latent_array
from kerasgan.layers import StageOne
from kerasgan.models.base.image_range import ImageRange
from kerasgan.randomness import stateless
from kerasgan.randomness.seeds import new_seed


class GenerativeModel(keras.Model):
    """Base class: a generator, the average of its weights, and how they draw images.

    Args:
        generator: Model from latents `(batch, latent_dim)`, or from latents and the labels of
            each label set, to images, ending in sigmoid or tanh.
        classes: The number of classes of each label set.
        class_names: The name of each class of each label set; numbers where it is `None`.
        ema_decay: Decay of the exponential moving average of the generator's weights, in (0, 1);
            `None` keeps no average.
        image_range: `(low, high)` of the generator's output; `None` reads it off its last layer.
        name: Name of the model.

    Attributes:
        generator: The network that training moves.
        ema_generator: The average of its weights, or `None`.
        image_range: The range of its output.
    """

    network_names: tuple[str, ...] = ("generator",)

    def __init__(
        self,
        generator: keras.Model,
        *,
        classes: Mapping[str, int],
        class_names: Mapping[str, Sequence[str]] | None = None,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        name: str | None = None,
    ) -> None:
        # In another policy than float32, Keras would round latents before any network sees them.
        super().__init__(name=name, dtype="float32")
        if ema_decay is not None:
            check_between(0.0, 1.0, "()", ema_decay=ema_decay)
        self.generator = generator
        self.ema_decay = ema_decay
        self.ema_generator = None if ema_decay is None else averaged_copy(generator)
        self.image_range = ImageRange.given_or_of(image_range, generator)
        self.classes = dict(classes)
        self.class_names = check_class_names(class_names, self.classes)

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
        """The network that `generate` draws with: the average of the weights if one is kept."""
        return self.generator if self.ema_generator is None else self.ema_generator

    @property
    def networks(self) -> dict[str, keras.Model]:
        """The networks by name, with the average of the generator if one is kept."""
        networks = {name: getattr(self, name) for name in self.network_names}
        if self.ema_generator is not None:
            networks["ema_generator"] = self.ema_generator
        return networks

    @property
    def condition(self) -> tuple[str, ...]:
        """The label sets that the generator is conditioned on; empty for most objectives."""
        return tuple(labels.name for labels in self.generator.inputs[1:])

    def save(
        self, filepath: str | Path, overwrite: bool = True, zipped: bool | None = None
    ) -> None:
        """Saves the model with its optimizers, as `keras.Model.save` does.

        Args:
            filepath: A `.keras` file. HDF5 files cannot hold several optimizers.
            overwrite: As in `keras.Model.save`.
            zipped: As in `keras.Model.save`.

        Raises:
            ValueError: The file's ending is that of HDF5, or none that Keras writes.
        """
        if str(filepath).endswith((".h5", ".hdf5")):
            raise ValueError(
                "A model of several optimizers is saved in a file that ends in .keras; "
                f"save_weights writes .weights.h5. Received: filepath={str(filepath)!r}"
            )
        super().save(filepath, overwrite=overwrite, zipped=zipped)

    def call(self, inputs: tf.Tensor | Sequence[tf.Tensor], training: bool = False) -> tf.Tensor:
        """Draws images, float32 in [0, 1].

        Args:
            inputs: Latents `(batch, latent_dim)`; for a conditional generator a list of these and
                int32 labels `(batch,)` of each label set.
            training: Whether layers behave as in training.
        """
        return self.image_range.to_user(self.sampling_generator(inputs, training=training))

    def draw_latents(self, count: int, *, seed: int | None = None) -> np.ndarray:
        """Returns latents from N(0, 1); the same for the same seed.

        Args:
            count: How many, at least 1. The first of many are those of few.
            seed: Their seed, taken modulo 2**31; `None` takes a new one each time.

        Returns:
            float32 `(count, latent_dim)`.

        Raises:
            ValueError: `count` is no integer of at least 1, or `seed` is none.
        """
        shape = (whole_number("count", count, least=1), self.latent_dim)
        seed = new_seed() if seed is None else whole_number("seed", seed)
        return stateless.normal(shape, seed=seed, step=0, purpose="generate").numpy()

    def generate(
        self,
        latents: int | np.ndarray = 1,
        labels: Labels | Mapping[str, Labels] | None = None,
        *,
        seed: int | None = None,
        batch_size: int = 64,
    ) -> np.ndarray:
        """Draws images.

        Args:
            latents: How many images, or latents `(n, latent_dim)` to draw them from.
            labels: For a conditional generator: the class of all images, or one for each, by
                name or number; with several label sets, a dict of these. `None`, or a set left
                out, draws classes at random. Others take only `None`.
            seed: Seed of the latents and of classes not given, taken modulo 2**31; the same seed
                gives the same pictures, and the first of many are those of few. `None` takes a
                new one each time.
            batch_size: Images drawn at once.

        Returns:
            Images `(n, height, width, channels)`, float32 in [0, 1].

        Raises:
            ValueError: A count is not an integer of at least 1, the seed is none, latents have
                another shape, or labels are unknown or given to a generator that takes none.
        """
        batch_size = whole_number("batch_size", batch_size, least=1)
        seed = new_seed() if seed is None else whole_number("seed", seed)
        if np.ndim(latents) == 0:
            latents = self.draw_latents(image_count(latents, self.latent_dim), seed=seed)
        latents = latent_array(latents, self.latent_dim)
        numbers = self.numbered_labels(labels, len(latents), seed=seed)

        def draw(part: slice) -> np.ndarray:
            inputs = [latents[part], *(classes[part] for classes in numbers.values())]
            return np.asarray(self(inputs if numbers else inputs[0]))

        # Written in place: joined at the end, they would be there twice.
        images = None
        for first in range(0, len(latents), batch_size):
            part = draw(slice(first, first + batch_size))
            if images is None:
                images = np.empty((len(latents), *part.shape[1:]), part.dtype)
            images[first : first + len(part)] = part
        return images

    def numbered_labels(
        self, labels: Labels | Mapping[str, Labels] | None, count: int, *, seed: int
    ) -> dict[str, np.ndarray]:
        """Returns int32 `(count,)` class numbers for each label set of the condition.

        Args:
            labels: As in `generate`.
            count: How many.
            seed: Seed of the classes that are not given.

        Raises:
            ValueError: Labels are unknown, too many or too few, or given to a generator that
                takes none.
        """

        def random(name: str) -> np.ndarray:
            purpose, below = f"generate {name}", self.classes[name]
            return stateless.integers((count,), below, seed=seed, step=0, purpose=purpose).numpy()

        names = {name: self.class_names[name] for name in self.condition}
        return numbered_labels(labels, names, count, random, model=type(self).__name__)


def averaged_copy(network: keras.Model) -> keras.Model:
    """Returns an untrainable network of the same structure and weights.

    Raises:
        ValueError: A layer cannot be made again from its configuration.
    """
    try:
        average = keras.models.clone_model(network)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(
            "The average of ema_decay is a copy of the generator, whose layers must be made again "
            "from their get_config(): pass **kwargs of an own layer's constructor on to "
            f"super().__init__, and tell its other arguments in get_config. Received: "
            f"generator={network.name!r}, and Keras says: {shortened(error, 300)}"
        ) from error
    average.set_weights(network.get_weights())
    average.trainable = False
    return average


def update_average(
    average: keras.Model, network: keras.Model, *, decay: float, updates: tf.Tensor
) -> None:
    """Moves every weight of `average`, moving statistics included, towards `network`.

    Args:
        average: What `averaged_copy` returned for the network.
        network: The network that is trained.
        decay: The part of the average that stays, in (0, 1). It is approached from below as
            (1 + updates) / (10 + updates), so that the initial weights are soon forgotten.
        updates: The number of updates of the network so far, a scalar.
    """
    updates = tf.cast(updates, tf.float32)
    decay = tf.minimum(decay, (1.0 + updates) / (10.0 + updates))
    constant = _stage_one_weights(network)
    for mean, weight in zip(average.weights, network.weights, strict=True):
        if id(weight) in constant:
            continue  # Rounding would move them.
        if keras.backend.is_float_dtype(mean.dtype):
            mean.assign(decay * mean + (1.0 - decay) * weight)
        else:
            mean.assign(weight)


def _stage_one_weights(network: keras.Model) -> set[int]:
    """Returns the ids of the weights of a network's `StageOne`, which never change."""
    return {
        id(weight)
        for layer in layers_of(network, nested=False)
        if isinstance(layer, StageOne)
        for weight in layer.weights
    }
