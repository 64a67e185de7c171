"""Activations are those of the tables in the docstrings, which parameter counts cannot see."""

import keras
import numpy as np
import pytest

from kerasgan import networks
from kerasgan.layers import FastLeakyReLU
from kerasgan.networks import dense_discriminator, dense_generator

CLASSES = {"genre": 3, "style": 2}
LEAKY, RELU = 0.2, 0.0


def activations(model):
    """The slopes below zero of rectifiers, and the names of other activations, in their order."""
    found = []
    for layer in model.layers:
        match layer:
            case FastLeakyReLU():
                found.append(layer.slope)
            case keras.layers.LeakyReLU():
                found.append(layer.negative_slope)
            case keras.layers.ReLU():
                found.append(RELU)
            case keras.layers.Activation():
                found.append(layer.activation.__name__)
    return found


@pytest.mark.parametrize(
    ("network", "options", "wanted"),
    [
        ("can_generator", {"dense_width": 4}, [*[LEAKY] * 4, "sigmoid"]),
        # Three convolutions, and the hidden layers of the score and of two label sets.
        ("can_discriminator", {"dense_width": 4, "classes": CLASSES}, [LEAKY] * (3 + 3)),
        ("gangogh_critic", {"classes": CLASSES}, [LEAKY] * 4),
        ("pokemon_generator", {}, [*[RELU] * 5, "tanh"]),
        ("pokemon_critic", {}, [LEAKY] * 4),
        # Two in each of four blocks and one at the end; the discriminator's first lacks one.
        ("residual_generator", {}, [*[RELU] * 9, "tanh"]),
        ("residual_discriminator", {}, [RELU] * 8),
        # The first convolution, three in each of three blocks, and one before the scores.
        ("fastgan_discriminator", {}, [*[LEAKY] * 11, "linear"]),
        # SiLU and sigmoid of two excitations (Liu et al., figure 3).
        ("fastgan_generator", {}, [*["silu", "sigmoid"] * 2, "tanh"]),
        ("cppn_critic", {}, [RELU] * 3),
        ("cppn_discriminator", {}, [LEAKY] * 3),
    ],
)
def test_activations_are_those_of_the_table(network, options, wanted):
    model = getattr(networks, network)(base_width=2, **options)
    assert activations(model) == wanted


def hidden(x, kernel, bias):
    values = x @ kernel + bias
    return np.where(values > 0, values, LEAKY * values)


def test_the_dense_networks_are_two_layers():
    rng = np.random.default_rng(0)
    generator = dense_generator(image_size=4, channels=1, latent_dim=5, dense_width=6)
    discriminator = dense_discriminator(
        classes={"style": 3}, image_size=4, channels=1, dense_width=6
    )
    for model in (generator, discriminator):
        model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
    latents = rng.normal(size=(2, 5)).astype("float32")
    *first, kernel, bias = generator.get_weights()
    drawn = 1 / (1 + np.exp(-(hidden(latents, *first) @ kernel + bias)))
    images = generator(latents)
    np.testing.assert_allclose(images, drawn.reshape(2, 4, 4, 1), rtol=1e-4, atol=1e-6)

    kernel, bias, *heads = discriminator.get_weights()
    features = hidden(drawn, kernel, bias)
    scores, styles = discriminator(images)
    np.testing.assert_allclose(scores, features @ heads[0] + heads[1], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(styles, features @ heads[2] + heads[3], rtol=1e-4, atol=1e-5)
