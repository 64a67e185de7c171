"""GANGogh, a conditional WGAN-GP with a class head, in standard layers."""

import keras
import tensorflow as tf
from keras import layers

from contestants.plain_keras.wasserstein_gan import WGANGP

LOWEST = -1.0


class GANGogh(WGANGP):
    def __init__(self, generator, critic, recipe):
        super().__init__(generator, critic, recipe)
        self.class_weight = recipe["model"]["class_weight"]
        self.generator_class_weight = recipe["model"]["generator_class_weight"]
        self.classes = len(recipe["data"]["classes"]["genre"])
        self.cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def draw(self, count):
        latents = tf.random.normal((count, self.latent_dim))
        labels = tf.random.uniform((count,), 0, self.classes, tf.int32)
        return self.generator([latents, labels], training=True), labels

    def critic_loss(self, real, fake):
        (real_scores, real_logits), (fake_scores, _) = self.judge(real, fake)
        return (
            tf.reduce_mean(fake_scores)
            - tf.reduce_mean(real_scores)
            + self.penalty_weight * self.gradient_penalty(real[0], fake[0])
            + self.class_weight * self.cross_entropy(real[1], real_logits)
        )

    def generator_loss(self, real, fake):
        scores, logits = self.judge_fakes(real, fake)
        class_loss = self.cross_entropy(fake[1], logits)
        return -tf.reduce_mean(scores) + self.generator_class_weight * class_loss


def build(recipe):
    classes = len(recipe["data"]["classes"]["genre"])
    return GANGogh(
        generator(recipe["generator"], classes), critic(recipe["discriminator"], classes), recipe
    )


def generator(sizes, classes):
    width = 16 * sizes["base_width"]
    latent, labels = keras.Input((sizes["latent_dim"],)), keras.Input((), dtype="int32")
    one_hot = layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
    x = layers.Dense(4 * 4 * width)(layers.Concatenate()([latent, one_hot]))
    x = layers.Reshape((4, 4, width))(x)
    x = gated(x, one_hot)
    for _ in range(3):
        width //= 2
        x = layers.Conv2DTranspose(width, 5, strides=2, padding="same", use_bias=False)(x)
        x = gated(x, one_hot)
    x = layers.Conv2DTranspose(3, 5, strides=2, padding="same", activation="tanh")(x)
    return keras.Model([latent, labels], x)


def gated(x, one_hot):
    """Normalizes `x`, shifts it by the map of the labels, and halves its channels."""
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    _, height, width, channels = x.shape
    condition = layers.Dense(height * width * channels, use_bias=False)(one_hot)
    x = x + layers.Reshape((height, width, channels))(condition)
    a, b = keras.ops.split(x, 2, axis=-1)
    return keras.ops.sigmoid(a) * keras.ops.tanh(b)


def critic(sizes, classes):
    images = x = keras.Input((64, 64, 3))
    for level in range(4):
        x = layers.Conv2D(sizes["base_width"] * 2**level, 5, strides=2, padding="same")(x)
        if level > 0:
            x = layers.GroupNormalization(groups=1, epsilon=1e-5)(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Flatten()(x)
    return keras.Model(images, [layers.Dense(1)(x), layers.Dense(classes)(x)])
