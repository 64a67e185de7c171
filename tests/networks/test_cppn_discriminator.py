from functools import partial

import keras
import numpy as np
import pytest

from kerasgan.layers import FusedBatchNormalization, MinibatchStandardDeviation, SpectralConv2D
from kerasgan.networks import cppn_discriminator
from tests.networks.checks import (
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    shapes,
    trainable_size,
)


def test_discriminator_has_the_published_layers():
    model = cppn_discriminator()
    assert model.input_shape == (None, 26, 26, 1)
    assert shapes(model, keras.layers.Conv2D) == [(13, 13, 24), (7, 7, 48), (4, 4, 96)]
    assert shapes(model, FusedBatchNormalization) == [(7, 7, 48), (4, 4, 96)]
    slopes = [x.negative_slope for x in model.layers if isinstance(x, keras.layers.LeakyReLU)]
    assert slopes == [0.2] * 3
    assert model.get_layer("features").output.shape == (None, 1536)
    assert model.output_shape == (None, 1)


def test_discriminator_has_the_published_number_of_parameters():
    convolutions = 25 * (1 * 24 + 24 * 48 + 48 * 96)
    dead_biases = 48 + 96
    published = convolutions + 24 + 48 + 96 + 2 * (48 + 96) + 1536 + 1
    assert trainable_size(cppn_discriminator()) == published - dead_biases == 146_449


def test_initial_values_are_the_published_ones():
    layers = cppn_discriminator(base_width=48).layers
    convolutions, normalizations, dense = (
        [layer for layer in layers if isinstance(layer, kind)]
        for kind in (keras.layers.Conv2D, FusedBatchNormalization, keras.layers.Dense)
    )
    assert (len(convolutions), len(normalizations), len(dense)) == (3, 2, 1)
    for layer in convolutions:
        kernel = layer.kernel.numpy()
        assert np.abs(kernel).max() <= 0.04
        # A normal distribution cut at twice its deviation has 0.88 of it left.
        assert abs(kernel.std() - 0.88 * 0.02) < 0.001
        assert layer.bias is None or not layer.bias.numpy().any()
    for layer in normalizations:
        gamma = layer.gamma.numpy()
        assert abs(gamma.mean() - 1.0) < 0.01
        assert 0.014 < gamma.std() < 0.026
        assert not layer.beta.numpy().any()
    assert abs(dense[0].kernel.numpy().std() - 0.02) < 0.002
    assert np.abs(dense[0].kernel.numpy()).max() > 0.05
    assert not dense[0].bias.numpy().any()


def test_scores_depend_on_the_batch_in_training_alone():
    model = cppn_discriminator(image_size=16, base_width=4)
    images = images_for(model, batch=4)
    alone, together = (
        [model(x, training=training).numpy()[0] for x in (images[:1], images)]
        for training in (False, True)
    )
    np.testing.assert_allclose(alone[0], alone[1], rtol=1e-4)
    assert abs(together[0] - together[1]) > 1e-4


def test_without_normalization_a_score_depends_on_its_image_alone():
    model = cppn_discriminator(image_size=16, base_width=4, normalization="none")
    assert not shapes(model, FusedBatchNormalization)
    images = images_for(model, batch=4)
    alone, together = (model(x, training=True).numpy()[0] for x in (images[:1], images))
    np.testing.assert_allclose(alone, together, rtol=1e-4)


def test_minibatch_deviation_joins_the_last_map():
    model = cppn_discriminator(image_size=16, base_width=4, minibatch_stddev=True)
    assert shapes(model, MinibatchStandardDeviation) == [(4, 4, 9)]


def test_images_of_64_take_one_more_convolution():
    model = cppn_discriminator(image_size=64, base_width=1, channels=3)
    assert shapes(model, keras.layers.Conv2D)[-1] == (4, 4, 8)


def test_heads_are_float32_under_mixed_precision():
    build = partial(cppn_discriminator, image_size=12, base_width=2)
    assert_heads_are_float32_under_mixed_precision(build, keras.layers.Conv2D)


def test_network_is_rebuilt_from_its_json():
    assert_rebuilt_from_json(cppn_discriminator())


def test_too_small_images_are_refused():
    with pytest.raises(ValueError, match=r"5\. Received: image_size=4"):
        cppn_discriminator(image_size=4)


def test_with_spectral_normalization_scores_do_not_depend_on_the_scale_of_kernels():
    model = cppn_discriminator(image_size=16, base_width=4, normalization="spectral")
    images = keras.random.uniform((2, 16, 16, 1), seed=0)
    before = model(images)
    for layer in model.layers:
        if isinstance(layer, SpectralConv2D):
            layer.kernel.assign(10.0 * layer.kernel.value)
    np.testing.assert_allclose(model(images), before, rtol=1e-4)


def test_an_unknown_normalization_is_refused():
    with pytest.raises(ValueError, match="normalization='layer'"):
        cppn_discriminator(normalization="layer")
