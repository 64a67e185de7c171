import keras
import numpy as np
import pytest

from kerasgan.layers import LatentModulation
from kerasgan.precision import dtype_policy

RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
LATENTS = RNG.normal(size=(2, 6)).astype("float32")


def test_each_feature_is_scaled_and_shifted_by_a_dense_layer_of_the_latent():
    layer = LatentModulation()
    layer.build([MAPS.shape, LATENTS.shape])
    layer.bias.assign(RNG.normal(size=10))
    scale, shift = np.split(LATENTS @ np.array(layer.kernel) + np.array(layer.bias), 2, 1)
    expected = (1.0 + scale)[:, None, None] * MAPS + shift[:, None, None]
    np.testing.assert_allclose(layer([MAPS, LATENTS]), expected, rtol=1e-5, atol=1e-5)


def test_latents_are_multiplied_in_float32_under_mixed_precision():
    with dtype_policy("mixed_bfloat16"):
        layer = LatentModulation()
    maps = np.zeros((1, 1, 1, 1), "float32")
    latents = np.array([[1.0, 2.0**-12]], "float32")  # A sum that bfloat16 rounds away.
    layer.build([maps.shape, latents.shape])
    layer.kernel.assign([[0.0, 1.0], [0.0, -(2.0**12)]])
    images = layer([maps, latents])
    assert images.dtype == "bfloat16"
    assert float(images[0, 0, 0, 0]) == 0.0


def test_model_with_it_survives_saving(tmp_path):
    inputs = [keras.Input(MAPS.shape[1:]), keras.Input((6,))]
    model = keras.Model(inputs, LatentModulation()(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again([MAPS, LATENTS]), model([MAPS, LATENTS]))


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match="input_shape="):
        LatentModulation().build([(2, 3), (2, 6)])
