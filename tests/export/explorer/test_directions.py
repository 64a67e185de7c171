import keras
import numpy as np
import pytest
from keras import layers

from kerasgan.export.directions import leading_directions
from kerasgan.export.pixel_network import pixel_network
from kerasgan.models import GAN


def test_the_directions_of_a_linear_generator_are_its_singular_vectors(linear_discriminator):
    kernel = np.random.default_rng(0).normal(size=(3, 4)).astype("float32") * 1e-3
    latent = keras.Input((3,))
    x = layers.Reshape((2, 2, 1))(layers.Dense(4)(latent))
    generator = keras.Model(latent, layers.Activation("sigmoid")(x))
    generator.set_weights([kernel, np.zeros(4, "float32")])
    # So near to 0 a sigmoid is linear.
    model = GAN(generator, linear_discriminator())
    expected = np.linalg.svd(kernel)[0].T
    found = leading_directions(model, 2, gradients=4096)
    np.testing.assert_allclose(np.abs(np.sum(found * expected[:2], axis=1)), 1.0, atol=0.01)
    assert (np.take_along_axis(found, np.abs(found).argmax(1)[:, None], 1) > 0).all()


@pytest.mark.parametrize("name", ["painter", "modulated"])
def test_a_pixel_network_has_the_weights_in_order(request, name):
    model = request.getfixturevalue(name)
    network, weights = pixel_network(model)
    values = np.frombuffer(weights, "<f2").astype("float32")
    expected = np.concatenate([each.ravel() for each in model.generator.get_weights()])
    np.testing.assert_allclose(values, expected, rtol=1e-3, atol=1e-6)
    assert (network.units, network.hidden, network.latent_scale) == (8, 3, 1.0)
    assert (network.octaves, network.modulated) == (
        (2, True) if name == "modulated" else (0, False)
    )
    assert (network.mapping_depth, network.mapping_width) == (
        (2, 5) if name == "modulated" else (0, 3)
    )
    hidden = {"painter": "tanh", "modulated": "leaky_relu"}[name]
    assert network.activations == ["tanh", *[hidden] * 3, "sigmoid"]


def test_a_model_that_is_no_cppn_has_no_pixel_network(conditional):
    assert pixel_network(conditional) is None
