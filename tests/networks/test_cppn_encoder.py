from functools import partial

import keras
import numpy as np

from kerasgan.networks import cppn_encoder
from tests.networks.checks import (
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
)


def test_encoder_has_the_published_number_of_parameters():
    model = cppn_encoder()
    assert model.input_shape == (None, 26, 26, 1)
    sizes = [676 * 512 + 512, 512 * 512 + 512, 2 * (512 * 32 + 32)]
    assert model.count_params() == sum(sizes) == 642_112


def test_mean_and_log_variance_are_two_heads_of_one_softplus_network():
    model = cppn_encoder(image_size=4, latent_dim=3, width=6, kernel_stddev=0.5)
    images = images_for(model)
    w1, b1, w2, b2, *heads = model.get_weights()
    h = np.logaddexp(0, images.reshape(3, -1) @ w1 + b1)
    h = np.logaddexp(0, h @ w2 + b2)
    mean, log_variance = model(images)
    np.testing.assert_allclose(mean, h @ heads[0] + heads[1], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(log_variance, h @ heads[2] + heads[3], rtol=1e-4, atol=1e-5)
    assert model.output_names == ["mean", "log_variance"]


def test_initial_values_are_the_published_ones():
    layers = cppn_encoder(width=64).layers
    dense = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
    assert len(dense) == 4
    for layer in dense:
        assert abs(layer.kernel.numpy().std() - 0.02) < 0.002
        assert not layer.bias.numpy().any()


def test_no_two_kernels_start_alike():
    model = cppn_encoder(image_size=4, width=8)
    mean, log_variance = model.get_layer("mean"), model.get_layer("log_variance")
    assert (mean.kernel.numpy() != log_variance.kernel.numpy()).all()


def test_heads_are_float32_under_mixed_precision():
    build = partial(cppn_encoder, image_size=4, width=4)
    assert_heads_are_float32_under_mixed_precision(build, keras.layers.Flatten)


def test_network_is_rebuilt_from_its_json():
    assert_rebuilt_from_json(cppn_encoder())
