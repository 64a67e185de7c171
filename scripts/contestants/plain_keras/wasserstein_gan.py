"""Wasserstein GANs whose `train_step` is a whole iteration."""

import keras
import tensorflow as tf


class WassersteinGAN(keras.Model):
    """The players' turns; a subclass says how its critic is kept Lipschitz.

    A batch of `fit` holds the images of all critic updates of an iteration, which are unrolled:
    the fastest way to write it. A batch of images is a tuple, `(images,)` or `(images, labels)`.
    """

    def __init__(self, generator, critic, recipe):
        super().__init__()
        self.generator, self.critic = generator, critic
        self.latent_dim = recipe["generator"]["latent_dim"]
        self.n_critic = recipe["model"]["n_critic"]
        self.joint_batches = recipe["model"]["joint_batches"]
        self.critic_mean = keras.metrics.Mean("critic_loss")
        self.generator_mean = keras.metrics.Mean("generator_loss")

    def compile(self, generator_optimizer, critic_optimizer):
        super().compile()
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer

    def train_step(self, data):
        for real in zip(
            *(tf.split(part, self.n_critic) for part in tf.nest.flatten(data)), strict=True
        ):
            self.update_critic(real)
        self.update_generator(real)
        return {metric.name: metric.result() for metric in self.metrics}

    def update_critic(self, real):
        fake = self.draw(real[0].shape[0])
        with tf.GradientTape() as tape:
            loss = self.critic_loss(real, fake)
        weights = self.critic.trainable_weights
        self.critic_optimizer.apply(tape.gradient(loss, weights), weights)
        self.critic_mean.update_state(loss)

    def update_generator(self, real):
        with tf.GradientTape() as tape:
            loss = self.generator_loss(real, self.draw(real[0].shape[0]))
        weights = self.generator.trainable_weights
        self.generator_optimizer.apply(tape.gradient(loss, weights), weights)
        self.generator_mean.update_state(loss)

    def draw(self, count):
        return (self.generator(tf.random.normal((count, self.latent_dim)), training=True),)

    def critic_loss(self, real, fake):
        (real_scores, *_), (fake_scores, *_) = self.judge(real, fake)
        return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)

    def generator_loss(self, real, fake):
        fake_scores, *_ = self.judge_fakes(real, fake)
        return -tf.reduce_mean(fake_scores)

    def judge(self, *batches):
        """Returns the critic's outputs for each batch, scores first."""
        if self.joint_batches:
            both = tf.concat([images for images, *_ in batches], 0)
            outputs = tf.nest.flatten(self.critic(both, training=True))
            return [*zip(*(tf.split(output, len(batches)) for output in outputs), strict=True)]
        return [tf.nest.flatten(self.critic(images, training=True)) for images, *_ in batches]

    def judge_fakes(self, real, fake):
        """In joint batches the reals are there in the generator's turn too."""
        return self.judge(real, fake)[1] if self.joint_batches else self.judge(fake)[0]


class ClippedWGAN(WassersteinGAN):
    def __init__(self, generator, critic, recipe):
        super().__init__(generator, critic, recipe)
        self.clip_value = recipe["model"]["clip_value"]

    def update_critic(self, real):
        super().update_critic(real)
        for weight in self.critic.trainable_weights:
            weight.assign(tf.clip_by_value(weight, -self.clip_value, self.clip_value))


class WGANGP(WassersteinGAN):
    def __init__(self, generator, critic, recipe):
        super().__init__(generator, critic, recipe)
        self.penalty_weight = recipe["model"]["penalty_weight"]

    def critic_loss(self, real, fake):
        penalty = self.gradient_penalty(real[0], fake[0])
        return super().critic_loss(real, fake) + self.penalty_weight * penalty

    def gradient_penalty(self, real_images, fake_images):
        alpha = tf.random.uniform((real_images.shape[0], 1, 1, 1))
        interpolated = alpha * fake_images + (1.0 - alpha) * real_images
        with tf.GradientTape() as tape:
            tape.watch(interpolated)
            scores, *_ = tf.nest.flatten(self.critic(interpolated, training=True))
        gradient = tape.gradient(scores, interpolated)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + 1e-12)
        return tf.reduce_mean(tf.square(norm - 1.0))
