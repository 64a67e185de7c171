import pytest
from filelock import FileLock

from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.trainer import train
from kerasgan.zoo.exporter import export
from tests.tiny_recipe import (
    RECIPE,
    WITHOUT_LITERT,
    WITHOUT_MEMORY_CHECK,
    eager_training,
    write_pictures,
)


@pytest.fixture(scope="module", autouse=True)
def without_memory_check():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*WITHOUT_MEMORY_CHECK)
        yield


@pytest.fixture(scope="session")
def run(shared_folder):
    """A finished training of a tiny WGAN."""
    folder = shared_folder / "zoo"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            folder.mkdir()
            (folder / "tiny.toml").write_text(RECIPE)
            recipe = read_recipe(folder / "tiny.toml")
            data = write_pictures(folder / "pictures")
            with eager_training(), pytest.MonkeyPatch.context() as patch:
                patch.setenv("KERASGAN_CACHE", str(folder / "cache"))
                train(recipe, folder / "run", data=data, recipe_text=RECIPE)
    return folder / "run"


@pytest.fixture
def without_litert(monkeypatch):
    """Leaves out LiteRT's files, whose conversion takes longer than the rest of an export."""
    monkeypatch.setattr(*WITHOUT_LITERT)


@pytest.fixture(scope="session")
def entry(run, shared_folder):
    """The zoo entry of that training; tests that damage it copy it first."""
    with FileLock(shared_folder / "entry.lock"):
        if not (folder := shared_folder / "entries" / "tiny").exists():
            export(run, folder)
    return folder
