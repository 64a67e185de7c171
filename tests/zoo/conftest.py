import pytest

from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.trainer import train
from kerasgan.zoo.exporter import export
from tests.tiny_recipe import RECIPE, write_pictures


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A finished training of a tiny WGAN."""
    folder = tmp_path_factory.mktemp("zoo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERASGAN_CACHE", str(folder / "cache"))
        (folder / "tiny.toml").write_text(RECIPE)
        recipe = read_recipe(folder / "tiny.toml")
        data = write_pictures(folder / "pictures")
        train(recipe, folder / "run", data=data, recipe_text=RECIPE)
    return folder / "run"


@pytest.fixture(scope="session")
def entry(run, tmp_path_factory):
    """The zoo entry of that training; tests that damage it copy it first."""
    return export(run, tmp_path_factory.mktemp("entries") / "tiny")
