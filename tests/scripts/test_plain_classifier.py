import argparse
import json

import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.zoo.plain_classifier import plain_classifier_section
from plain_classifier import run


@pytest.fixture
def arguments(recipe_file, tmp_path):
    """Forty pictures in two folders, of which one has the dark ones, and what to do with them."""
    random = np.random.default_rng(0)
    for number in range(40):
        folder = tmp_path / "data" / ("bright", "dark")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 120, (32, 32, 3)) + (130 if number % 2 == 0 else 0)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    return argparse.Namespace(
        recipe=str(recipe_file),
        data=tmp_path / "data",
        set=['data.labels=["folder"]', "data.holdout=0.3"],
        minutes=0.01,
        out=tmp_path / "out",
        rate=3e-3,
        label_smoothing=0.1,
        balanced=True,
        no_augmentation=False,
        seed=0,
    )


def test_what_is_easy_to_tell_is_learned_and_written_for_the_card(arguments, cache_folder):
    result = run(arguments)
    out = arguments.out
    assert json.loads((out / "plain_classifier.json").read_text()) == result
    assert result["training_accuracy"]["folder"] > 0.9
    confusion = result["confusions"]["folder"]
    assert confusion["class_names"] == ["bright", "dark"]
    assert 0 < confusion["images"] == 40 - result["training_images"]
    with Image.open(out / "plain_classifier.png") as picture:
        assert picture.width > 100
    text = plain_classifier_section(out)
    assert "and augmentation for 0.01 minutes of two cores" in text
    accuracy = f"{100 * confusion['accuracy']:.1f} %"
    assert f"the right one of 2 classes of folder for {accuracy}" in text
    assert "(plain_classifier.png)" in text
    assert plain_classifier_section(out / "elsewhere") == ""


def test_recipes_without_classes_or_held_out_images_are_one_sentence(arguments):
    arguments.set = ['data.labels=["folder"]']
    with pytest.raises(UserError, match=r"holds out no images .* --set data\.holdout=0\.05$"):
        run(arguments)
    arguments.set = []
    with pytest.raises(UserError, match=r"has no data\.labels"):
        run(arguments)
