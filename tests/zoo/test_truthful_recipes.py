"""Recipes say what was published where they differ, and reproduce the entries beside them."""

import functools
import json
import re

import pytest

from kerasgan import zoo
from kerasgan.recipes import read_recipe
from kerasgan.zoo.entry_files import METRICS


def text_of(name):
    return (zoo.find(name) / "recipe.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", zoo.list())
def test_a_recipe_tells_how_long_its_entry_was_trained_and_on_how_much(name):
    trained = json.loads((zoo.find(name) / METRICS).read_text())["training"]
    recipe, text = read_recipe(name), text_of(name)
    told = re.search(r"# The entry beside this recipe is --iterations (\d+)\.", text)
    iterations = int(told[1]) if told else recipe.training.iterations
    assert iterations == trained["iterations"]
    if part := re.fullmatch(r"train\[:(\d+)\]", recipe.data.split):
        assert int(part[1]) == trained["images"]


@pytest.mark.parametrize("name", zoo.list())
def test_what_no_system_published_is_marked(name):
    text = text_of(name)
    published = ("FastGAN", "ProjectedGAN", "VisionAidedFastGAN")
    if read_recipe(name).model["objective"] not in published:
        assert re.search(r"^ema_decay = .*# (published|paper): no average$", text, re.MULTILINE)
    assert re.search(r"^precision = .*# .*(published|paper): float32$", text, re.MULTILINE)


_HA = {
    "generator.latent_dim": 32,
    "generator.width": 128,
    "generator.depth": 4,
    "generator.coordinate_scale": 8.0,
    "generator.latent_scale": 8.0,
    "generator.first_activation": "softplus",
    "generator.weight_stddev": 0.1,
    "discriminator.base_width": 24,
    "training.generator_optimizer.learning_rate": 0.005,
    "training.generator_optimizer.beta_1": 0.65,
    "training.discriminator_optimizer.learning_rate": 0.001,
    "training.discriminator_optimizer.beta_1": 0.65,
}
_XIANG = {
    "generator.latent_dim": 100,
    "generator.kernel_size": 5,
    "discriminator.base_width": 16,
    "discriminator.kernel_size": 5,
    "model.n_critic": 5,
    "model.clip_value": 0.01,
    "training.generator_optimizer.optimizer": "RMSprop",
    "training.discriminator_optimizer.optimizer": "RMSprop",
}
# What the documents, or their authors' code, say.
_DOCUMENTS = {
    "mnist_cppn_ha_gan": _HA,
    "mnist_cppn_ha_vae": _HA | {"model.adversarial_weight": 0.0},
    "mnist_cppn_ha_vaegan": _HA | {"model.autoencoder_updates": 4, "encoder.width": 512},
    "mnist_cppn_ha_vaegan_code": _HA | {"model.autoencoder_updates": 4, "encoder.width": 512},
    "pokemon_wgan_paper": _XIANG,
    "pokemon_wgan_unaugmented": _XIANG,
    "pokemon_wgan_dropout": _XIANG,
    "wikiart_can_unrolled": {
        "generator.latent_dim": 100,
        "discriminator.base_width": 32,
        "model.ambiguity": "sigmoid",
        "model.separate_styles": True,
        "model.schedule.handicap": 2,
    },
    "mnist_cppn_wgan_gp": {
        "generator.latent_dim": 128,
        "generator.coordinate_scale": 8.0,
        "generator.latent_scale": 1.0,
        "model.penalty_weight": 10.0,
        "training.generator_optimizer.beta_1": 0.5,
        "training.generator_optimizer.beta_2": 0.9,
    },
    "wikiart_gangogh": {
        "generator.latent_dim": 128,
        "generator.conditioning": "spatial",
        "model.penalty_weight": 10.0,
        "training.generator_optimizer.beta_1": 0.5,
        "training.generator_optimizer.beta_2": 0.9,
    },
}


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_values_that_are_not_marked_as_others_are_the_documents(name):
    recipe, wanted = read_recipe(name).as_dict(), _DOCUMENTS[name]
    assert {key: functools.reduce(dict.get, key.split("."), recipe) for key in wanted} == wanted
