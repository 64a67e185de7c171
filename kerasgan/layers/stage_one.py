"""A trained generator as a layer of another one."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class StageOne(keras.layers.Layer):
    """The generator of a first stage, which draws inside of that of a second and never changes.

    It draws out of training, so a picture depends on its own latent and labels alone, and no
    training moves its weights; gradients by the latents pass through it. The labels of the second
    stage are translated into the classes of the first, which may have more classes, in another
    order.

    Input: latents `(batch, latent_dim)`, or a list of these and the one-hot labels
    `(batch, classes)` of the second stage, one for each of `classes` in their order. Output:
    images `(batch, height, width, channels)`, float32 in [-1, 1].

    Args:
        network: Model from latents, or from latents and one-hot labels, to images.
        classes: For each label set of the network, in the order of its inputs: for each class of
            the second stage, the number of the class of the first.
        image_range: `(low, high)` of the network's images.
    """

    def __init__(
        self,
        network: keras.Model,
        *,
        classes: Mapping[str, Sequence[int]] | None = None,
        image_range: Sequence[float] = (-1.0, 1.0),
        dtype: str | keras.DTypePolicy = "float32",
        **kwargs,
    ) -> None:
        super().__init__(dtype=dtype, **kwargs)
        self.network = network
        self.classes = {name: list(numbers) for name, numbers in (classes or {}).items()}
        self.image_range = tuple(image_range)
        network.trainable = False
        self.built = True

    @property
    def trainable(self) -> bool:
        """Always false: a model around it that is frozen and set free leaves it as it is."""
        return False

    @trainable.setter
    def trainable(self, value: bool) -> None:
        pass

    def call(self, inputs: tf.Tensor | list[tf.Tensor]) -> tf.Tensor:
        latents, *labels = inputs if isinstance(inputs, list | tuple) else [inputs]
        known = [one_hots.shape[-1] for one_hots in self.network.inputs[1:]]
        translated = [
            tf.matmul(tf.cast(one_hots, tf.float32), tf.one_hot(numbers, count))
            for one_hots, numbers, count in zip(labels, self.classes.values(), known, strict=True)
        ]
        images = self.network([latents, *translated] if labels else latents, training=False)
        low, high = self.image_range
        return (tf.cast(images, tf.float32) - low) * (2.0 / (high - low)) - 1.0

    def compute_output_shape(self, input_shape: tuple | list) -> tuple[int | None, ...]:
        is_of_several = isinstance(input_shape[0], list | tuple)
        latents = input_shape[0] if is_of_several else input_shape
        return (latents[0], *self.network.outputs[0].shape[1:])

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "classes": self.classes,
            "image_range": list(self.image_range),
        }

    @classmethod
    def from_config(cls, config: dict) -> "StageOne":
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})
