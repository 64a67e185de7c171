import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest


def _tiny_generator(
    *, activation="sigmoid", size=8, channels=1, latent_dim=3, normalize=True, weights_seed=0
):
    import keras
    from keras import layers

    from kerasgan.layers import FusedBatchNormalization

    keras.utils.set_random_seed(weights_seed)
    steps = [keras.Input((latent_dim,)), layers.Dense(size * size // 2)]
    if normalize:
        steps.append(FusedBatchNormalization(momentum=0.8))
    steps += [
        layers.ReLU(),
        layers.Reshape((size // 2, size // 2, 2)),
        layers.Conv2DTranspose(channels, 3, strides=2, padding="same"),
        layers.Activation(activation, dtype="float32"),
    ]
    return keras.Sequential(steps, name="tiny_generator")


def _tiny_discriminator(*, size=8, channels=1, normalize=True, weights_seed=1):
    import keras
    from keras import layers

    from kerasgan.layers import FusedBatchNormalization

    keras.utils.set_random_seed(weights_seed)
    steps = [
        keras.Input((size, size, channels)),
        layers.Conv2D(2, 3, strides=2, padding="same"),
    ]
    if normalize:
        steps.append(FusedBatchNormalization(momentum=0.8))
    steps += [layers.LeakyReLU(0.2), layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential(steps, name="tiny_discriminator")


def _linear_generator(weights=None):
    import keras
    from keras import layers

    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.Reshape((2, 2, 1))], name="linear_generator"
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def _linear_discriminator(weights=None):
    import keras
    from keras import layers

    model = keras.Sequential(
        [keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)], name="linear_discriminator"
    )
    if weights is not None:
        model.set_weights(weights)
    return model


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
    """Builds a generator of 8x8 images with weights that depend on `weights_seed` alone."""
    return _tiny_generator


@pytest.fixture(scope="session")
def tiny_discriminator():
    """Builds a discriminator of 8x8 images with weights that depend on `weights_seed` alone."""
    return _tiny_discriminator


@pytest.fixture(scope="session")
def linear_generator():
    """Builds x = z W + b, four pixels in 2x2."""
    return _linear_generator


@pytest.fixture(scope="session")
def linear_discriminator():
    """Builds s = x v + c, one score of 2x2 pixels."""
    return _linear_discriminator


@pytest.fixture(scope="session")
def numeric_gradients():
    return _numeric_gradients
