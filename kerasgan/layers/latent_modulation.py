"""Feature-wise modulation of maps by the latent."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("kerasgan")
class LatentModulation(keras.layers.Layer):
    """Scales and shifts each feature of the maps by what a dense layer makes of the latent.

    With the latent z of an image and its maps h it gives, at each pixel,

        (1 + W_s z + b_s) * h + W_t z + b_t

    so a latent can choose what a layer computes, where one that enters the first layer alone only
    chooses where it starts.

    Input: maps `(batch, height, width, units)` and latents `(batch, latent_dim)`, as a list.
    Output: like the maps, in the layer's compute dtype. The dense layer over the latent computes
    in float32.

    Args:
        kernel_initializer: Initializer of W_s and W_t, the halves of one
            `(latent_dim, 2 * units)` kernel. b_s and b_t start at 0.

    Example:
    >>> maps, latents = keras.random.normal((2, 8, 8, 16)), keras.random.normal((2, 32))
    >>> LatentModulation()([maps, latents]).shape
    TensorShape([2, 8, 8, 16])

    References:
        Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer", 2018,
            https://arxiv.org/abs/1709.07871, equation 2.
        Anokhin et al., "Image Generators with Conditionally-Independent Pixel Synthesis", 2021,
            https://arxiv.org/abs/2011.13775 (per-pixel generators whose latent modulates every
            layer).
    """

    def __init__(
        self,
        *,
        kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        **kwargs,
    ) -> None:
        # Latents stay float32 under every policy, and so do the weights that meet them.
        super().__init__(**{"autocast": False, **kwargs})
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        if len(input_shape) != 2 or len(input_shape[0]) != 4 or len(input_shape[1]) != 2:
            raise ValueError(
                "LatentModulation takes maps (batch, height, width, units) and latents "
                f"(batch, latent_dim). Received: input_shape={input_shape}"
            )
        maps, latents = input_shape
        self.kernel = self.add_weight(
            shape=(latents[-1], 2 * maps[-1]),
            initializer=self.kernel_initializer,
            autocast=False,
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(2 * maps[-1],), initializer="zeros", autocast=False, name="bias"
        )

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        maps, latents = inputs
        products = tf.matmul(tf.cast(latents, tf.float32), self.kernel)
        modulation = tf.cast(products + self.bias, self.compute_dtype)
        scale, shift = tf.split(modulation[:, tf.newaxis, tf.newaxis], 2, axis=-1)
        return (1.0 + scale) * tf.cast(maps, self.compute_dtype) + shift

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        return tuple(input_shape[0])

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
