"""The CPPN WGAN-GP of MNIST in standard layers."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from contestants.plain_keras.wasserstein_gan import WGANGP

LOWEST = 0.0


class Generator(keras.Model):
    """A small network at each pixel; what the latent gives it is computed once for an image."""

    def __init__(self, sizes):
        super().__init__()
        width = sizes["width"]
        scale, side = sizes["coordinate_scale"], sizes["image_size"]
        y, x = np.meshgrid(*[np.linspace(-scale, scale, side)] * 2, indexing="ij")
        self.places = tf.constant(np.stack([x, y, np.hypot(x, y)], -1)[None], tf.float32)
        self.of_latent = layers.Dense(width)
        self.of_place = layers.Dense(width, use_bias=False)
        self.hidden = keras.Sequential(
            [layers.Dense(width, activation="tanh") for _ in range(sizes["depth"] - 1)]
        )
        self.head = layers.Dense(sizes["channels"], activation="sigmoid")

    def call(self, latents):
        x = self.of_latent(latents)[:, None, None] + self.of_place(self.places)
        return self.head(self.hidden(tf.tanh(x)))


def build(recipe):
    generator = Generator(recipe["data"] | recipe["generator"])
    generator(tf.zeros((1, recipe["generator"]["latent_dim"])))
    return WGANGP(generator, critic(recipe["data"] | recipe["discriminator"]), recipe)


def critic(sizes):
    images = x = keras.Input((sizes["image_size"], sizes["image_size"], sizes["channels"]))
    for level in range(3):
        width = sizes["base_width"] * 2**level
        x = layers.Conv2D(
            width, sizes["kernel_size"], strides=2, padding="same", activation="relu"
        )(x)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)))
