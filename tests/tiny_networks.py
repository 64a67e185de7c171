"""Builders of tiny networks, as fixtures that all folders of tests share.

TensorFlow is imported when a network is built, so that tests without one start at once.
"""

import numpy as np
import pytest

from tests.random_seed import seed_keras


def _tiny_generator(
    *,
    activation="sigmoid",
    size=8,
    channels=1,
    latent_dim=3,
    normalize=True,
    classes=None,
    weights_seed=0,
):
    import keras
    from keras import layers

    from kerasgan.layers import FusedBatchNormalization

    seed_keras(weights_seed)
    latent = keras.Input((latent_dim,), name="latent")
    labels, x = _joined_with_labels(latent, classes)
    x = layers.Dense(size * size // 2, use_bias=not normalize)(x)
    if normalize:
        x = FusedBatchNormalization(momentum=0.8)(x)
    x = layers.ReLU()(x)
    x = layers.Reshape((size // 2, size // 2, 2))(x)
    x = layers.Conv2DTranspose(channels, 3, strides=2, padding="same")(x)
    images = layers.Activation(activation, dtype="float32")(x)
    return keras.Model([latent, *labels] if labels else latent, images, name="tiny_generator")


def _tiny_discriminator(*, size=8, channels=1, normalize=True, classes=None, weights_seed=1):
    import keras
    from keras import layers

    from kerasgan.layers import FusedBatchNormalization

    seed_keras(weights_seed)
    images = keras.Input((size, size, channels), name="images")
    x = layers.Conv2D(2, 3, strides=2, padding="same", use_bias=not normalize)(images)
    if normalize:
        x = FusedBatchNormalization(momentum=0.8)(x)
    x = layers.LeakyReLU(0.2)(x)
    outputs = _heads(layers.Flatten(name="features")(x), classes)
    return keras.Model(images, outputs, name="tiny_discriminator")


def _tiny_encoder(*, size=8, channels=1, latent_dim=3, weights_seed=2):
    import keras
    from keras import layers

    seed_keras(weights_seed)
    images = keras.Input((size, size, channels))
    x = layers.Dense(4, activation="softplus")(layers.Flatten()(images))
    codes = [layers.Dense(latent_dim, dtype="float32")(x) for _ in range(2)]
    return keras.Model(images, codes, name="tiny_encoder")


def _linear_generator(weights=None, *, classes=None, activation="linear"):
    import keras
    from keras import layers

    latent = keras.Input((3,), name="latent")
    labels, x = _joined_with_labels(latent, classes)
    x = layers.Reshape((2, 2, 1))(layers.Dense(4)(x))
    images = layers.Activation(activation, dtype="float32")(x)
    model = keras.Model([latent, *labels] if labels else latent, images, name="linear_generator")
    if weights is not None:
        model.set_weights(weights)
    return model


def _linear_discriminator(weights=None, *, classes=None):
    import keras
    from keras import layers

    images = keras.Input((2, 2, 1))
    outputs = _heads(layers.Flatten(name="features")(images), classes)
    model = keras.Model(images, outputs, name="linear_discriminator")
    if weights is not None:
        model.set_weights(weights)
    return model


def _linear_encoder(weights=None):
    import keras
    from keras import layers

    images = keras.Input((2, 2, 1))
    x = layers.Flatten()(images)
    model = keras.Model(images, [layers.Dense(3)(x), layers.Dense(3)(x)], name="linear_encoder")
    if weights is not None:
        model.set_weights(weights)
    return model


def _joined_with_labels(latent, classes):
    """The inputs of the label sets, and latents and one-hot labels side by side."""
    import keras
    from keras import layers

    labels = [keras.Input((), dtype="int32", name=name) for name in classes or {}]
    one_hots = [
        layers.CategoryEncoding(count, output_mode="one_hot")(each)
        for each, count in zip(labels, (classes or {}).values(), strict=True)
    ]
    return labels, layers.Concatenate()([latent, *one_hots]) if labels else latent


def _heads(features, classes):
    from keras import layers

    scores = layers.Dense(1, dtype="float32", name="scores")(features)
    logits = [
        layers.Dense(count, dtype="float32", name=name)(features)
        for name, count in (classes or {}).items()
    ]
    return [scores, *logits] if logits else scores


def _numeric_gradients(loss, weights, step=1e-5):
    """Central differences in float64 of `loss(*weights)` by every element of `weights`."""
    gradients = [np.zeros_like(weight) for weight in weights]
    for weight, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(weight.shape):
            kept = weight[index]
            weight[index] = kept + step
            above = loss(*weights)
            weight[index] = kept - step
            below = loss(*weights)
            weight[index] = kept
            gradient[index] = (above - below) / (2 * step)
    return gradients


@pytest.fixture(scope="session")
def tiny_generator():
    """Builds a generator of 8x8 images with weights that depend on `weights_seed` alone.

    With `classes`, label set name -> number of classes, it takes labels too.
    """
    return _tiny_generator


@pytest.fixture(scope="session")
def tiny_discriminator():
    """Builds a discriminator of 8x8 images with weights that depend on `weights_seed` alone.

    With `classes`, label set name -> number of classes, it has class heads.
    """
    return _tiny_discriminator


@pytest.fixture(scope="session")
def tiny_encoder():
    """Builds an encoder of 8x8 images with weights that depend on `weights_seed` alone."""
    return _tiny_encoder


@pytest.fixture(scope="session")
def linear_generator():
    """Builds x = z W + b, four pixels in 2x2; with `classes` z goes on with one-hot labels."""
    return _linear_generator


@pytest.fixture(scope="session")
def linear_discriminator():
    """Builds s = x v + c, one score of 2x2 pixels; with `classes` also logits x V + k of each."""
    return _linear_discriminator


@pytest.fixture(scope="session")
def linear_encoder():
    """Builds mean = x M + m and log-variance = x S + s, codes of three from 2x2 pixels."""
    return _linear_encoder


@pytest.fixture(scope="session")
def numeric_gradients():
    """Central differences in float64 of `loss(*weights)` by every element of `weights`."""
    return _numeric_gradients
