"""The Pokemon WGAN in standard layers."""

import keras
from keras import layers

from contestants.plain_keras.wasserstein_gan import ClippedWGAN

LOWEST = -1.0


def build(recipe):
    return ClippedWGAN(generator(recipe["generator"]), critic(recipe["discriminator"]), recipe)


def generator(sizes):
    width, kernel = 16 * sizes["base_width"], sizes["kernel_size"]
    momentum = sizes["batch_norm_momentum"]
    latent = x = keras.Input((sizes["latent_dim"],))
    x = layers.Dense(4 * 4 * width, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=momentum)(x)
    x = layers.ReLU()(x)
    x = layers.Reshape((4, 4, width))(x)
    for _ in range(4):
        width //= 2
        x = layers.Conv2DTranspose(width, kernel, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=momentum)(x)
        x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(3, kernel, strides=2, padding="same", activation="tanh")(x)
    return keras.Model(latent, x)


def critic(sizes):
    width, kernel = sizes["base_width"], sizes["kernel_size"]
    images = x = keras.Input((128, 128, 3))
    for level in range(4):
        x = layers.Conv2D(width * 2**level, kernel, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(
            momentum=sizes["batch_norm_momentum"], epsilon=sizes["batch_norm_epsilon"]
        )(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Dense(1)(x)
    return keras.Model(images, layers.GlobalAveragePooling2D()(x))
