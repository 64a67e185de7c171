from functools import partial

import keras
import numpy as np
import pytest

from kerasgan.layers import FastLeakyReLU
from kerasgan.networks import cppn_critic
from tests.networks.checks import (
    assert_gradients_of_gradients_are_finite,
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    shapes,
)

CIFAR = {"image_size": 32, "channels": 3, "base_width": 128, "kernel_size": 3, "leak": 0.01}
RNG = np.random.default_rng(0)


def test_critic_of_mnist_has_the_published_layers():
    model = cppn_critic()
    assert model.input_shape == (None, 28, 28, 1)
    assert shapes(model, keras.layers.Conv2D) == [(14, 14, 64), (7, 7, 128), (4, 4, 256)]
    assert len(shapes(model, FastLeakyReLU)) == 3
    assert model.get_layer("features").output.shape == (None, 4 * 4 * 256)
    assert model.output_shape == (None, 1)
    sizes = [25 * 64 + 64, 25 * 64 * 128 + 128, 25 * 128 * 256 + 256, 4096 + 1]
    assert model.count_params() == sum(sizes) == 1_030_145


def test_critic_of_cifar_has_the_published_layers():
    model = cppn_critic(**CIFAR)
    assert shapes(model, keras.layers.Conv2D) == [(16, 16, 128), (8, 8, 256), (4, 4, 512)]
    slopes = [x.slope for x in model.layers if isinstance(x, FastLeakyReLU)]
    assert slopes == [0.01] * 3
    sizes = [27 * 128 + 128, 9 * 128 * 256 + 256, 9 * 256 * 512 + 512, 8192 + 1]
    assert model.count_params() == sum(sizes) == 1_487_105


def test_images_of_64_take_one_more_convolution():
    model = cppn_critic(image_size=64, base_width=2)
    assert shapes(model, keras.layers.Conv2D) == [(32, 32, 2), (16, 16, 4), (8, 8, 8), (4, 4, 16)]


@pytest.mark.parametrize(("side", "kernel_size"), [(8, 5), (7, 5), (8, 3), (6, 4)])
def test_convolutions_are_padded_alike_on_both_sides(side, kernel_size):
    model = cppn_critic(image_size=side, base_width=1, kernel_size=kernel_size)
    convolution = next(x for x in model.layers if isinstance(x, keras.layers.Conv2D))
    image = RNG.normal(size=(side, side)).astype("float32")
    padding = (kernel_size - 1) // 2
    padded = np.pad(image, padding)
    kernel, bias = (weight.squeeze() for weight in convolution.get_weights())
    places = range(0, side + 2 * padding - kernel_size + 1, 2)
    expected = [
        [(padded[i : i + kernel_size, j : j + kernel_size] * kernel).sum() + bias for j in places]
        for i in places
    ]
    outputs = keras.Model(model.input, convolution.output)(image[None, :, :, None])
    np.testing.assert_allclose(outputs[0, :, :, 0], expected, rtol=1e-4, atol=1e-5)


def test_weights_start_uniform_in_the_root_of_what_enters_a_layer():
    model = cppn_critic(channels=2, base_width=16, kernel_size=3)
    inputs = np.repeat([9 * 2, 9 * 16, 9 * 32, 16 * 64], 2)
    for weight, fan_in in zip(model.get_weights(), inputs, strict=True):
        assert np.abs(weight).max() <= fan_in**-0.5
        if weight.size > 100:
            assert abs(weight.std() - (3 * fan_in) ** -0.5) < 0.1 * fan_in**-0.5


@pytest.mark.parametrize(
    ("normalization", "over", "epsilon"), [("layer", (1, 2, 3), 1e-5), ("channel", (3,), 1e-6)]
)
def test_normalized_maps_are_those_of_numpy_from_the_second_convolution_on(
    normalization, over, epsilon
):
    model = cppn_critic(base_width=4, normalization=normalization)
    convolutions = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    activations = [x for x in model.layers if isinstance(x, FastLeakyReLU)]
    outputs = [each.output for each in convolutions] + [each.input for each in activations]
    images = RNG.uniform(0, 1, (2, 28, 28, 1)).astype("float32")
    found = [each.numpy() for each in keras.Model(model.input, outputs)(images)]
    np.testing.assert_array_equal(found[0], found[3])
    for x, normalized in zip(found[1:3], found[4:], strict=True):
        expected = x - x.mean(over, keepdims=True)
        expected /= np.sqrt((expected**2).mean(over, keepdims=True) + epsilon)
        np.testing.assert_allclose(normalized, expected, rtol=1e-3, atol=1e-4)


def test_an_unknown_normalization_is_refused():
    with pytest.raises(ValueError, match=r"'none', 'layer', 'channel'.*'batch'"):
        cppn_critic(normalization="batch")


@pytest.mark.parametrize("normalization", ["none", "layer", "channel"])
def test_gradient_penalty_has_finite_gradients(normalization):
    critic = cppn_critic(image_size=8, base_width=4, normalization=normalization)
    assert_gradients_of_gradients_are_finite(critic)


def test_heads_are_float32_under_mixed_precision():
    build = partial(cppn_critic, image_size=8, base_width=2)
    assert_heads_are_float32_under_mixed_precision(build, keras.layers.Conv2D)


def test_network_is_rebuilt_from_its_json():
    assert_rebuilt_from_json(cppn_critic(**CIFAR))


@pytest.mark.parametrize("options", [{"image_size": 4}, {"kernel_size": 1}])
def test_too_small_is_refused(options):
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=f"^{name} .*Received: {name}={value}"):
        cppn_critic(**options)
