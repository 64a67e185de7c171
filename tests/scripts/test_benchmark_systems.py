"""The contestants of scripts/benchmark.py have the same networks and play the same game."""

import importlib

import keras
import pytest

from benchmarking.systems import SYSTEMS, system_recipe
from kerasgan.layers import FusedBatchNormalization
from kerasgan.recipes import build_model

SMALL = ("generator.base_width=2", "discriminator.base_width=2")
OVERRIDES = {
    "mnist_cppn_wgan_gp": ("generator.width=4", "discriminator.base_width=2"),
    "pokemon_wgan": SMALL,
    "wikiart_gangogh": SMALL,
}


def shapes(network):
    """The shapes of what a network learns; a kernel of one pixel is as good as a dense layer's."""
    variables = [tuple(variable.shape) for variable in network.trainable_variables]
    return sorted(tuple(size for size in shape if size > 1) for shape in variables)


def normalizations(network):
    """Over which axes the layers of a network normalize, in their order."""
    found = []
    for layer in network.layers:
        match layer:
            case keras.layers.BatchNormalization() | FusedBatchNormalization():
                found.append("batch")
            case keras.layers.GroupNormalization(groups=1):
                found.append("image")
            case keras.layers.LayerNormalization():
                of_place = layer.axis in (-1, [-1], 3, [3])
                found.append("place" if of_place else "image")
    return found


@pytest.mark.parametrize("name", sorted(SYSTEMS.keys() - {"pokemon_fastgan"}))
def test_plain_keras_has_the_networks_of_the_recipe(name):
    recipe = system_recipe(name, batch_size=4, joint_batches=False, overrides=OVERRIDES[name])
    other = importlib.import_module(f"contestants.plain_keras.{name}").build(recipe.as_dict())
    ours = build_model(recipe)
    assert shapes(ours.generator) == shapes(other.generator)
    assert shapes(ours.discriminator) == shapes(other.critic)
    assert normalizations(ours.generator) == normalizations(other.generator)
    assert normalizations(ours.discriminator) == normalizations(other.critic)
    assert ours.n_critic == other.n_critic == 5
