import keras
import numpy as np
import pytest

from kerasgan import networks
from kerasgan.networks.initializers import for_each_layer

GENRES = {"classes": {"genre": 3, "style": 2}}
SMALL = {
    "can_discriminator": {"dense_width": 4, "base_width": 2, "minibatch_discrimination": 2},
    "can_generator": {"dense_width": 4, "base_width": 2, "refinements": 2},
    "cppn_critic": {"image_size": 28, "base_width": 2},
    "cppn_discriminator": {"image_size": 26, "base_width": 2},
    "cppn_encoder": {"image_size": 26, "width": 4},
    "cppn_generator": {"image_size": 8, "width": 4, "mapping_depth": 2, "weight_stddev": 1.0},
    "dense_discriminator": {"image_size": 8},
    "dense_generator": {"image_size": 8},
    "fastgan_decoder": {"base_width": 4},
    "fastgan_discriminator": {"image_size": 64, "base_width": 2},
    "fastgan_generator": {"image_size": 64, "base_width": 2},
    "gangogh_critic": {"image_size": 32, "base_width": 2, **GENRES},
    "gangogh_generator": {"image_size": 32, "base_width": 1, **GENRES},
    "growing_cppn_critic": {"image_size": 32, "base_width": 2},
    "pokemon_critic": {"image_size": 32, "base_width": 2, "kernel_stddev": 0.02},
    "pokemon_generator": {"image_size": 32, "base_width": 2, "kernel_stddev": 0.02},
    "residual_discriminator": {"image_size": 32, "base_width": 2, **GENRES},
    "residual_generator": {"image_size": 32, "base_width": 2, **GENRES},
}


def random_weights(model):
    """The weights that begin as random numbers, divided by their first number."""
    weights = {weight.path: np.asarray(weight).ravel() for weight in model.weights}
    random = {path: each[:4] for path, each in weights.items() if len(set(each[:4])) == 4}
    return {path: each / each[0] for path, each in random.items()}


def assert_all_begin_with_other_numbers(model):
    random = random_weights(model)
    assert len(random) > 1
    beginnings = {tuple(np.round(each, 4)) for each in random.values()}
    assert len(beginnings) == len(random)


@pytest.mark.parametrize("builder", SMALL)
def test_no_two_layers_begin_with_the_same_numbers(builder):
    assert_all_begin_with_other_numbers(getattr(networks, builder)(**SMALL[builder]))


def test_no_two_layers_of_a_second_stage_begin_with_the_same_numbers():
    stage_one = networks.gangogh_generator(**SMALL["gangogh_generator"])
    stage_two = networks.stackgan_generator(stage_one, image_size=64, base_width=2, **GENRES)
    assert_all_begin_with_other_numbers(stage_two)


def test_each_layer_makes_an_initializer_of_the_same_distribution():
    kernels = for_each_layer(keras.initializers.RandomNormal(mean=1.0, stddev=2.0))
    one, other = (keras.layers.Dense(2, kernel_initializer=kernels) for _ in range(2))
    assert one.kernel_initializer.get_config() == other.kernel_initializer.get_config()
    assert (one.kernel_initializer.mean, one.kernel_initializer.stddev) == (1.0, 2.0)
    drawn = [np.asarray(each.kernel_initializer((3, 2))) for each in (one, other)]
    assert not np.any(drawn[0] == drawn[1])
