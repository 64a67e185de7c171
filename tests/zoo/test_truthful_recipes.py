"""Recipes say what was published where they differ, and reproduce the entries beside them."""

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
    if read_recipe(name).model["objective"] not in ("FastGAN", "ProjectedGAN"):
        assert re.search(r"^ema_decay = .*# (published|paper): no average$", text, re.MULTILINE)
    assert re.search(r"^precision = .*# .*(published|paper): float32$", text, re.MULTILINE)
