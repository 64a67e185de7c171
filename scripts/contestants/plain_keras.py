"""The contestant that an ordinary good Keras user would write: float32, `train_step`, `fit`.

One batch of `fit` is a whole iteration, its critic updates unrolled in `train_step`, which is the
fastest way to write it. The input is cheap: images in memory, flips, autotuned.
"""

import json
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from stopwatch import Stopwatch


def build_generator() -> keras.Model:
    latent = x = keras.Input((100,))
    x = layers.Dense(4 * 4 * 256, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.8)(x)
    x = layers.ReLU()(x)
    x = layers.Reshape((4, 4, 256))(x)
    for width in (128, 64, 32, 16):
        x = layers.Conv2DTranspose(width, 5, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.8)(x)
        x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(3, 5, strides=2, padding="same", activation="tanh")(x)
    return keras.Model(latent, x)


def build_critic() -> keras.Model:
    images = x = keras.Input((128, 128, 3))
    for width in (16, 32, 64, 128):
        x = layers.Conv2D(width, 5, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.8, epsilon=1e-12)(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Dense(1)(x)
    return keras.Model(images, layers.GlobalAveragePooling2D()(x))


class WGAN(keras.Model):
    def __init__(self, n_critic: int, clip_value: float = 0.01):
        super().__init__()
        self.generator, self.critic = build_generator(), build_critic()
        self.n_critic, self.clip_value = n_critic, clip_value
        self.critic_loss = keras.metrics.Mean("critic_loss")
        self.generator_loss = keras.metrics.Mean("generator_loss")

    def compile(self, generator_optimizer, critic_optimizer):
        super().compile()
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer

    def scores(self, real, fake):
        both = self.critic(tf.concat([real, fake], 0), training=True)
        return tf.split(both, 2)

    def train_step(self, images):
        for real in tf.split(images, self.n_critic):
            latents = tf.random.normal((tf.shape(real)[0], 100))
            fake = self.generator(latents, training=True)
            with tf.GradientTape() as tape:
                real_scores, fake_scores = self.scores(real, fake)
                loss = tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)
            weights = self.critic.trainable_weights
            self.critic_optimizer.apply(tape.gradient(loss, weights), weights)
            for weight in weights:
                weight.assign(tf.clip_by_value(weight, -self.clip_value, self.clip_value))
            self.critic_loss.update_state(loss)
        latents = tf.random.normal((tf.shape(real)[0], 100))
        with tf.GradientTape() as tape:
            _, fake_scores = self.scores(real, self.generator(latents, training=True))
            loss = -tf.reduce_mean(fake_scores)
        weights = self.generator.trainable_weights
        self.generator_optimizer.apply(tape.gradient(loss, weights), weights)
        self.generator_loss.update_state(loss)
        return {metric.name: metric.result() for metric in self.metrics}


def dataset(images: np.ndarray, batch_size: int) -> tf.data.Dataset:
    def augment(batch):
        batch = tf.image.random_flip_left_right(tf.cast(batch, tf.float32) / 127.5 - 1.0)
        return tf.image.random_flip_up_down(batch)

    images = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images)).repeat()
    images = images.batch(batch_size, drop_remainder=True)
    return images.map(augment, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def main(settings: dict) -> None:
    model = WGAN(settings["n_critic"])
    model.compile(
        keras.optimizers.RMSprop(5e-5, epsilon=1e-12), keras.optimizers.RMSprop(5e-5, epsilon=1e-12)
    )
    stopwatch = Stopwatch(
        versions={"keras": keras.__version__, "tensorflow": tf.__version__}, precision="float32"
    )
    timing = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: stopwatch.lap())
    batches = dataset(np.load(settings["images"]), settings["n_critic"] * settings["batch_size"])
    model.fit(batches, steps_per_epoch=1_000_000, verbose=0, callbacks=[timing])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
