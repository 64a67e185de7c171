"""Small models with a CPPN, and what they draw in numpy."""

import keras
import numpy as np
from keras import layers

from kerasgan.drawing.any_size.view import View
from kerasgan.models import GAN
from kerasgan.networks import cppn_generator
from tests.random_seed import seed_keras

SIZE = 6
LATENT_DIM = 3
SCALE = 4.0
OWN_VIEW = View()


def cppn_model(
    *, channels=1, octaves=0, modulated=False, mapping_depth=0, activation="tanh", **options
):
    """A GAN whose generator draws pictures with plenty of black, grey and white."""
    seed_keras(1)
    generator = cppn_generator(
        image_size=SIZE,
        channels=channels,
        latent_dim=LATENT_DIM,
        width=8,
        coordinate_scale=SCALE,
        activation=activation,
        weight_stddev=1.0,
        octaves=octaves,
        modulated=modulated,
        mapping_depth=mapping_depth,
        mapping_width=5,
    )
    images = keras.Input((SIZE, SIZE, channels))
    critic = keras.Model(images, layers.Dense(1, dtype="float32")(layers.Flatten()(images)))
    return GAN(generator, critic, **options)


def latent(seed=0):
    return np.random.default_rng(seed).normal(size=LATENT_DIM).astype("float32")


def expected(generator, latent, size, view=OWN_VIEW):
    """The picture in float64, in grey levels that are not rounded."""
    step = 2.0 * SCALE / max(min(size.width, size.height) - 1, 1) / view.zoom
    x = SCALE * view.centre[0] + step * (np.arange(size.width) - (size.width - 1) / 2)
    y = SCALE * view.centre[1] + step * (np.arange(size.height) - (size.height - 1) / 2)
    x, y = np.meshgrid(x, y)
    weights = [weight.astype("float64") for weight in generator.get_weights()]
    latent_kernel, coordinate_kernel, bias, *rest = weights
    h = np.stack([x, y, np.hypot(x, y)], -1) @ coordinate_kernel
    h = np.tanh(h + latent.astype("float64") @ latent_kernel + bias)
    for kernel, bias in zip(rest[:-2:2], rest[1:-2:2], strict=True):
        h = np.tanh(h @ kernel[0, 0] + bias)
    return 255.0 / (1.0 + np.exp(-(h @ rest[-2][0, 0] + rest[-1])))
