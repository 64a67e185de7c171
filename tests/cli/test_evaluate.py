"""`kerasgan evaluate`."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan.cli.quiet import import_tensorflow_quietly
from tests.tiny_recipe import RECIPE, eager_training


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with 110 noisy pictures of 32x32, `many`, and a training on them, `run`."""
    import_tensorflow_quietly()
    from kerasgan.recipes import read_recipe
    from kerasgan.training import train

    whole = tmp_path_factory.mktemp("trained")
    folder = whole / "many"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(110):
        colour = random.integers(0, 256, (1, 1, 3)) + random.normal(0, 9, (32, 32, 3))
        Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8)).save(folder / f"{number:03}.png")
    (whole / "tiny.toml").write_text(RECIPE)
    recipe = read_recipe(whole / "tiny.toml", ["training.iterations=2"])
    with eager_training(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERASGAN_CACHE", str(whole / "cache"))
        train(recipe, whole / "run", data=folder)
    return whole


@pytest.fixture
def many_pictures(trained, tmp_path):
    return shutil.copytree(trained / "many", tmp_path / "many")


@pytest.fixture
def run(kerasgan, trained, tmp_path):
    shutil.copytree(trained / "run", tmp_path / "run")
    return "run"


def test_measures_are_printed_side_by_side_and_written(kerasgan, run, many_pictures, tmp_path):
    # The tests' folder is the current one: its whole path would be broken over lines.
    code, out, err = kerasgan(
        *("evaluate", run, f"{run}/", "--data", many_pictures, "--seed", 3),
        *("--json", tmp_path / "numbers.json", "--pairs", tmp_path / "pairs"),
    )
    assert code == 0, err
    assert "55 drawn against 55 of 110 real images of 32x32" in " ".join(out.split())
    assert "efficientnet_lite1 at 128x128 (antialiased bicubic)" in " ".join(out.split())
    (row,) = (line for line in out.splitlines() if line.split()[:2] == ["Fréchet", "distance"])
    numbers = json.loads((tmp_path / "numbers.json").read_text())
    assert list(numbers) == ["run", "run/"]
    measured = numbers["run"]["measures"]["frechet_distance"]
    assert f"({measured['ratio']:.2f}x)" in row
    assert numbers["run"]["protocol"]["seed"] == 3
    with Image.open(tmp_path / "pairs" / "run.png") as pairs:
        assert pairs.width == 8 * 34 - 2


def test_too_few_pictures_are_one_line(kerasgan, run, many_pictures):
    for file in sorted(many_pictures.iterdir())[99:]:
        file.unlink()
    code, _, err = kerasgan("evaluate", run, "--data", many_pictures)
    assert code == 2
    assert err.splitlines()[-1].startswith("Error: there must be at least 100 real images")


def test_pictures_of_models_of_one_name_do_not_replace_each_other(kerasgan, run, many_pictures):
    Path("other").mkdir()
    shutil.copytree(run, "other/run")
    arguments = ("evaluate", run, "other/run", "--data", many_pictures, "--pairs", "pairs")
    code, _, err = kerasgan(*arguments)
    assert code == 2
    assert "run and other/run have the same name" in err


def test_a_confusion_picture_of_a_model_without_classes_is_one_line(kerasgan, run, many_pictures):
    code, _, err = kerasgan("evaluate", run, "--data", many_pictures, "--confusion", "confusions")
    assert code == 2
    assert "Error: run has no confusion picture: a WGAN has no class heads that classify" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'MODEL...'"),
        (("no_model",), "Error: There is no model 'no_model'"),
        (("pokemon_wgan",), "Error: This recipe needs images: pass --data PATH."),
        (("pokemon_wgan", "--count", 49), "49 is not in the range"),
        (("pokemon_wgan", "--features", "vgg"), "'vgg'; known are"),
    ],
)
def test_wrong_usage_is_one_line(kerasgan, arguments, message):
    code, out, err = kerasgan("evaluate", *arguments)
    assert code == 2
    assert not out
    assert message in err
