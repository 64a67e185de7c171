from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models.base.image_range import ImageRange
from kerasgan.networks import cppn_generator
from kerasgan.precision import dtype_policy
from tests.networks.checks import (
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    inputs_of,
    trainable_size,
)

RNG = np.random.default_rng(0)
# What the document of the GAN with an autoencoder says.
AUTOENCODER = {
    "image_size": 26,
    "latent_dim": 32,
    "latent_scale": 8.0,
    "first_activation": "softplus",
    "weight_stddev": 0.1,
}
ACTIVATIONS = {
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(0, x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def pixel_by_pixel(model, latents, *, size, coordinate_scale, latent_scale, activations):
    """The images, each pixel from the concatenation of its latent and coordinates, in float64."""
    latent_kernel, coordinate_kernel, bias, *rest = (
        weight.astype("float64").squeeze() for weight in model.get_weights()
    )
    kernels = [np.concatenate([latent_kernel, coordinate_kernel]), *rest[::2]]
    kernels[-1] = kernels[-1].reshape(len(kernels[-1]), -1)
    biases = [bias, *rest[1::2]]
    coordinates = np.linspace(-coordinate_scale, coordinate_scale, size)
    images = np.empty((len(latents), size, size, kernels[-1].shape[1]))
    for index in np.ndindex(images.shape[:3]):
        image, row, column = index
        x, y = coordinates[column], coordinates[row]
        h = np.array([*latent_scale * latents[image], x, y, np.sqrt(x * x + y * y)])
        for kernel, bias, activation in zip(kernels, biases, activations, strict=True):
            h = ACTIVATIONS[activation](h @ kernel + bias)
        images[index] = h
    return images


@pytest.mark.parametrize(
    ("options", "parameters"),
    [({}, 66_561), ({"channels": 3}, 66_819), (AUTOENCODER, 54_273)],
)
def test_parameters_are_as_many_as_published(options, parameters):
    assert cppn_generator(**options).count_params() == parameters


def test_images_are_those_of_the_network_at_each_pixel():
    model = cppn_generator(image_size=5, latent_dim=3, width=6, channels=2, coordinate_scale=4.0)
    latents = RNG.normal(size=(2, 3)).astype("float32")
    expected = pixel_by_pixel(
        model,
        latents,
        size=5,
        coordinate_scale=4.0,
        latent_scale=1.0,
        activations=["tanh"] * 4 + ["sigmoid"],
    )
    np.testing.assert_allclose(model(latents), expected, atol=1e-5)


def test_options_make_the_network_of_the_autoencoder():
    model = cppn_generator(**{**AUTOENCODER, "image_size": 4, "width": 6, "depth": 3})
    latents = RNG.normal(size=(2, 32)).astype("float32")
    expected = pixel_by_pixel(
        model,
        latents,
        size=4,
        coordinate_scale=8.0,
        latent_scale=8.0,
        activations=["softplus", "tanh", "tanh", "sigmoid"],
    )
    np.testing.assert_allclose(model(latents), expected, atol=1e-5)


@pytest.mark.parametrize("mapping_depth", [0, 2])
def test_waves_modulation_and_mapping_are_those_of_the_network_at_each_pixel(mapping_depth):
    options = {"latent_scale": 2.0, "octaves": 2, "directions": 3, "modulated": True}
    options |= {"mapping_depth": mapping_depth, "mapping_width": 5}
    model = cppn_generator(image_size=4, latent_dim=3, width=6, depth=2, **options)
    for weight in model.weights:
        weight.assign(RNG.normal(size=weight.shape) * 0.5)
    latents = RNG.normal(size=(2, 3)).astype("float32")
    weights = [weight.astype("float64").squeeze() for weight in model.get_weights()]
    mapping, weights = weights[: 2 * mapping_depth], weights[2 * mapping_depth :]
    z_kernel, kernel, bias, hidden, hidden_bias, modulation, shift, last, last_bias = weights
    images = model(latents).numpy()
    for matrix, vector in zip(mapping[::2], mapping[1::2], strict=True):
        latents = latents @ matrix + vector
        latents = np.where(latents > 0, latents, 0.2 * latents)
    for image, row, column in np.ndindex(images.shape[:3]):
        u, v = np.linspace(-1, 1, 4)[[column, row]]
        waves = [
            wave(np.pi * 2**k * (u * np.cos(angle) + v * np.sin(angle)))
            for angle in np.radians([0, 60, 120])
            for wave in (np.sin, np.cos)
            for k in range(2)
        ]
        inputs = np.array([8 * u, 8 * v, 8 * np.hypot(u, v), *waves])
        z = latents[image]
        h = np.tanh(2.0 * z @ z_kernel + inputs @ kernel + bias)
        scale, offset = np.split(z @ modulation + shift, 2)
        h = np.tanh((1 + scale) * (h @ hidden + hidden_bias) + offset)
        expected = 1 / (1 + np.exp(-(h @ last + last_bias)))
        np.testing.assert_allclose(images[image, row, column, 0], expected, atol=1e-5)


def test_any_batch_size_is_drawn():
    model = cppn_generator(image_size=4, width=4)
    latents = RNG.normal(size=(5, 128)).astype("float32")
    many = model(latents).numpy()
    np.testing.assert_allclose(model(latents[:1]), many[:1], atol=1e-6)


def test_normal_initialization_is_of_kernels_and_biases():
    keras.utils.set_random_seed(0)
    for weight in cppn_generator(weight_stddev=0.5).get_weights():
        assert abs(weight.mean()) < 0.2 or weight.size == 1
        assert abs(weight.std() - 0.5) < 0.1 or weight.size == 1


def test_uniform_initialization_depends_on_what_enters_a_layer():
    model = cppn_generator(latent_dim=64, width=128)
    bounds = [64**-0.5, 1.0, 64**-0.5] + [128**-0.5] * 7
    for weight, bound in zip(model.get_weights()[:-1], bounds, strict=False):
        assert bound * 0.9 < np.abs(weight).max() <= bound


@pytest.mark.parametrize("stddev", [None, 0.1])
def test_no_two_weights_start_alike(stddev):
    weights = cppn_generator(weight_stddev=stddev).get_weights()
    rows = np.concatenate([weights[1], *(w.reshape(-1, 128)[:1] for w in weights[2:-2])])
    assert len(np.unique(rows, axis=0)) == len(rows) == 3 + 7


def test_images_are_in_the_range_of_a_sigmoid():
    model = cppn_generator(image_size=4, width=4, weight_stddev=10.0)
    assert ImageRange.of(model) == ImageRange(0.0, 1.0)
    images = model(inputs_of(model)).numpy()
    assert 0.0 <= images.min() <= images.max() <= 1.0


def test_images_are_float32_under_mixed_precision():
    build = partial(cppn_generator, image_size=4, width=4)
    assert_heads_are_float32_under_mixed_precision(build, keras.layers.Conv2D)


def test_mixed_precision_keeps_the_first_layer_and_nearly_the_same_images():
    model = cppn_generator(image_size=8, width=16)
    with dtype_policy("mixed_bfloat16"):
        mixed = cppn_generator(image_size=8, width=16)
    assert [layer.compute_dtype for layer in mixed.layers[1:4]] == ["float32"] * 2 + ["bfloat16"]
    mixed.set_weights(model.get_weights())
    latents = inputs_of(model)
    np.testing.assert_allclose(mixed(latents), model(latents), atol=0.01)


def test_gradients_reach_every_weight():
    model = cppn_generator(image_size=4, width=4)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(inputs_of(model)))
    for gradient in tape.gradient(loss, [weight.value for weight in model.trainable_weights]):
        assert np.isfinite(gradient).all()
        assert np.abs(gradient).max() > 0
    assert trainable_size(model) == model.count_params()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": 0}, "depth must be .* at least 1. Received: depth=0"),
        ({"image_size": 0}, "image_size must be .* at least 1. Received: .*=0"),
        ({"coordinate_scale": -1.0}, "must be positive. Received: coordinate_scale=-1.0"),
        ({"activation": "tahn"}, "tahn"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        cppn_generator(**options)


def test_network_is_rebuilt_from_its_json():
    assert_rebuilt_from_json(cppn_generator(**AUTOENCODER))


def test_network_survives_serialization():
    model = cppn_generator(image_size=4, width=4, weight_stddev=0.3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model))
    again.set_weights(model.get_weights())
    latents = inputs_of(model)
    np.testing.assert_array_equal(again(latents), model(latents))
