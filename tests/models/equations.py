"""The linear networks of the fixtures in float64, and what papers' equations are made of."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from kerasgan.models.base.batches import DiscriminatorOutput


def exact(shape, seed, scale=1.0):
    """Normal float64 numbers that float32 holds exactly."""
    numbers = scale * np.random.default_rng(seed).normal(size=shape)
    return np.float64(np.float32(numbers))


def weights(*shapes, seed=0, scale=1.0):
    return [exact(shape, [seed, i], scale) for i, shape in enumerate(shapes)]


def generator_weights(classes=None):
    """W and b."""
    return weights((3 + sum((classes or {}).values()), 4), (4,), seed=1)


def discriminator_weights(classes=None):
    """v and c, then V and k of each label set."""
    heads = [shape for count in (classes or {}).values() for shape in ((4, count), (count,))]
    return weights((4, 1), (1,), *heads, seed=2)


def pixels(images):
    """Images 2x2x1 as float64 rows of four."""
    return np.asarray(images, "float64").reshape(-1, 4)


def draw(latents, w, b, labels=None, classes=None):
    """What the linear generator draws from latents and labels."""
    one_hots = [np.eye(count)[np.asarray(labels[name])] for name, count in (classes or {}).items()]
    return np.concatenate([np.asarray(latents, "float64"), *one_hots], axis=1) @ w + b


def score(x, v, c):
    return (x @ v + c)[:, 0]


def quadratic_discriminator():
    """D(x) = sum_i v_i x_i^2 + c, whose gradient is 2 v x."""
    images = keras.Input((2, 2, 1))
    x = layers.Flatten(name="features")(images)
    network = keras.Model(images, layers.Dense(1, name="scores")(layers.Multiply()([x, x])))
    network.set_weights(discriminator_weights())
    return network


def squared_slope(x, v, power):
    """E[||grad D(x)||^2] of D(x) = sum_i v_i x_i^power + c."""
    gradients = power * x ** (power - 1) * v[:, 0]
    return np.mean(np.sum(gradients**2, axis=1))


def class_logits(x, heads, classes):
    """The logits of each label set; `heads` are V and k of each."""
    pairs = zip(heads[::2], heads[1::2], strict=True)
    return {name: x @ v + k for name, (v, k) in zip(classes, pairs, strict=True)}


def log_sigmoid(s):
    return -np.logaddexp(0, -s)


def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def class_loss(x, labels, heads, classes):
    """E[-log C(c|x)], summed over the label sets."""
    total = 0.0
    for name, logits in class_logits(x, heads, classes).items():
        picked = log_softmax(logits)[np.arange(len(x)), np.asarray(labels[name])]
        total -= np.mean(picked)
    return total


def discriminated(scores, labels=None, class_logits=None):
    """What a discriminator may have said of some images."""

    def tensors(arrays):
        return {name: tf.constant(array) for name, array in (arrays or {}).items()}

    scores = tf.reshape(tf.constant(scores, tf.float32), (-1, 1))
    return DiscriminatorOutput(None, tensors(labels), scores, tensors(class_logits), None)
