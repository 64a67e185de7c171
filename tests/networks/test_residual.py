import itertools

import keras
import numpy as np
import pytest

from kerasgan.layers import FastLeakyReLU, FusedBatchNormalization
from kerasgan.networks import residual_discriminator, residual_generator
from tests.networks.checks import (
    assert_gradients_of_gradients_are_finite,
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    inputs_of,
    shapes,
    trainable_size,
)

RNG = np.random.default_rng(0)
TWO_SETS = {"genre": 3, "style": 5}
TINY = {"image_size": 32, "base_width": 2}


def test_generator_has_the_rows_of_its_table():
    model = residual_generator()
    assert model.input_shape == (None, 128)
    assert shapes(model, keras.layers.Reshape) == [(4, 4, 512)]
    blocks = [(8, 8, 512), (16, 16, 256), (32, 32, 128), (64, 64, 64)]
    assert shapes(model, keras.layers.Add) == blocks
    assert len(shapes(model, FusedBatchNormalization)) == 9
    assert model.output_shape == (None, 64, 64, 3)
    assert model.layers[-1].activation is keras.activations.tanh


def test_generator_has_the_number_of_parameters_of_its_table():
    widths = [512, 512, 256, 128, 64]
    pairs = list(itertools.pairwise(widths))
    dense = (128 + 1) * 4 * 4 * 512
    convolutions = sum(9 * n * m + 9 * m * m + n * m for n, m in pairs)
    gammas_and_betas = 2 * (sum(n + m for n, m in pairs) + 64)
    to_image = 9 * 64 * 3 + 3
    total = dense + convolutions + gammas_and_betas + to_image
    assert trainable_size(residual_generator()) == total


def test_discriminator_has_the_rows_of_its_table():
    model = residual_discriminator()
    assert model.input_shape == (None, 64, 64, 3)
    blocks = [(32, 32, 64), (16, 16, 128), (8, 8, 256), (4, 4, 512)]
    assert shapes(model, keras.layers.Add) == blocks
    assert model.get_layer("features").output.shape == (None, 512)
    assert model.output_shape == (None, 1)
    # A block has two; the first lacks one, and one follows the last.
    assert len(shapes(model, FastLeakyReLU)) == 2 * 4 - 1 + 1


def test_discriminator_has_the_number_of_parameters_of_its_table():
    pairs = [(3, 64), (64, 128), (128, 256), (256, 512)]
    convolutions = sum(9 * n * m + m + 9 * m * m + m + n * m for n, m in pairs)
    assert trainable_size(residual_discriminator()) == convolutions + 512 + 1


def test_a_block_of_the_discriminator_adds_the_pooled_shortcut():
    model = residual_discriminator(**TINY)
    images = images_for(model)
    first = next(layer for layer in model.layers if isinstance(layer, keras.layers.Add))
    block = keras.Model(model.input, first.output)
    kernels = [x.kernel for x in block.layers if isinstance(x, keras.layers.Conv2D)]
    (one,) = [kernel for kernel in kernels if kernel.shape[0] == 1]
    for kernel in kernels:
        if kernel is not one:
            kernel.assign(np.zeros(kernel.shape))
    pooled = images.reshape(3, 16, 2, 16, 2, 3).mean((2, 4))
    np.testing.assert_allclose(block(images), pooled @ one.numpy()[0, 0], rtol=1e-4, atol=1e-5)


def test_kernels_begin_with_twice_glorots_variance_but_for_those_of_shortcuts():
    model = residual_discriminator(image_size=32, base_width=32)
    found = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            height, width, ins, outs = layer.kernel.shape
            glorot = 2 / (height * width * (ins + outs))
            gain = 1 if height == 1 else 2
            if ins > 3:
                np.testing.assert_allclose(np.var(layer.kernel), gain * glorot, rtol=0.1)
                found += 1
    assert found == 1 + 2 * 3  # All but the two that see the image.


def test_labels_condition_the_generator():
    model = residual_generator(classes=TWO_SETS, label_dim=4, **TINY)
    assert [tensor.name for tensor in model.inputs] == ["latent", "genre", "style"]
    latents = np.repeat(RNG.normal(size=(1, 128)), 3, axis=0)
    images = model([latents, np.array([0, 1, 0]), np.array([0, 0, 4])]).numpy()
    assert len(np.unique(images.reshape(3, -1), axis=0)) == 3
    same = model([latents, np.full(3, 2), np.full(3, 1)]).numpy()
    np.testing.assert_allclose(same, np.repeat(same[:1], 3, axis=0), atol=1e-6)


def test_each_label_set_has_a_head_in_their_order():
    model = residual_discriminator(classes=TWO_SETS, **TINY)
    assert model.output_names == ["scores", "genre", "style"]
    assert model.output_shape == [(None, 1), (None, 3), (None, 5)]


@pytest.mark.parametrize(("image_size", "widest"), [(32, 8), (64, 16), (128, 16)])
def test_widths_stop_at_eight_times_the_base(image_size, widest):
    options = {"image_size": image_size, "base_width": 2, "channels": 1}
    generator = residual_generator(**options)
    assert shapes(generator, keras.layers.Reshape) == [(4, 4, widest)]
    assert generator.output_shape == (None, image_size, image_size, 1)
    discriminator = residual_discriminator(**options)
    assert shapes(discriminator, keras.layers.Add)[-1] == (4, 4, widest)


def test_gradient_penalty_is_differentiable():
    assert_gradients_of_gradients_are_finite(residual_discriminator(classes=TWO_SETS, **TINY))


@pytest.mark.parametrize("build", [residual_generator, residual_discriminator])
def test_heads_are_float32_under_mixed_precision(build):
    assert_heads_are_float32_under_mixed_precision(
        lambda: build(classes=TWO_SETS, **TINY), keras.layers.Conv2D
    )


@pytest.mark.parametrize("build", [residual_generator, residual_discriminator])
@pytest.mark.parametrize("classes", [None, TWO_SETS])
def test_network_is_rebuilt_from_its_json(build, classes):
    assert_rebuilt_from_json(build(classes=classes, **TINY))


def test_output_is_finite_in_training():
    model = residual_generator(**TINY)
    images = model(inputs_of(model), training=True).numpy()
    assert np.isfinite(images).all()
    assert 0.01 < images.std() < 1


@pytest.mark.parametrize("build", [residual_generator, residual_discriminator])
def test_other_sizes_are_refused(build):
    with pytest.raises(ValueError, match=r"64.* Received: image_size=16"):
        build(image_size=16)


def test_images_of_28_pixels_grow_from_maps_of_7():
    generator = residual_generator(image_size=28, channels=1, base_width=2)
    critic = residual_discriminator(image_size=28, channels=1, base_width=2)
    assert shapes(generator, keras.layers.Reshape) == [(7, 7, 4)]
    assert shapes(generator, keras.layers.Add) == [(14, 14, 4), (28, 28, 2)]
    assert shapes(critic, keras.layers.Add) == [(14, 14, 2), (7, 7, 4)]
    assert generator.output_shape == critic.input_shape == (None, 28, 28, 1)
