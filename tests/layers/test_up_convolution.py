import keras
import numpy as np
import pytest

from kerasgan.layers import SpectralUpConv2D, UpConv2D


def test_it_is_a_convolution_of_the_map_upsampled_by_nearest_neighbours():
    keras.utils.set_random_seed(0)
    maps = np.random.default_rng(0).normal(size=(2, 16, 16, 3)).astype("float32")
    layer = UpConv2D(4, 3, kernel_initializer="random_normal")
    outputs = layer(maps)
    layer.bias.assign([1.0, 2.0, 3.0, 4.0])
    keras_layer = keras.layers.Conv2D(4, 3, padding="same")
    upsampled = keras.layers.UpSampling2D(2)(maps)
    keras_layer.build(upsampled.shape)
    keras_layer.set_weights([layer.kernel, layer.bias])
    np.testing.assert_allclose(layer(maps), keras_layer(upsampled), rtol=1e-4, atol=1e-4)
    assert layer.compute_output_shape(maps.shape) == outputs.shape


def test_it_is_rebuilt_from_its_config():
    layer = UpConv2D(4, 5, use_bias=False, kernel_initializer=keras.initializers.RandomNormal(0.1))
    config = layer.get_config()
    assert UpConv2D.from_config(config).get_config() == config


@pytest.mark.parametrize("layer", [UpConv2D, SpectralUpConv2D])
@pytest.mark.parametrize(
    "size", [{"filters": 0}, {"filters": 2.5}, {"kernel_size": 2}, {"kernel_size": 3.0}]
)
def test_bad_sizes_are_refused(layer, size):
    ((name, value),) = size.items()
    with pytest.raises(ValueError, match=f"^{name} must be .*Received: {name}={value}$"):
        layer(**{"filters": 4, **size})
