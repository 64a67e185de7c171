import h5py
import pytest

from kerasgan.recipes.recipe_file import read_recipe
from tests.tiny_recipe import RECIPE, write_pictures


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch):
    """A fresh cache for each test, so that none sees another's or the user's."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("KERASGAN_CACHE", str(folder))
    return folder


@pytest.fixture
def recipe_file(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def recipe(recipe_file):
    """Reads the tiny recipe with `section.key=value` overrides."""
    return lambda *overrides: read_recipe(recipe_file, overrides)


@pytest.fixture
def pictures(tmp_path):
    """Twelve images of 32x32."""
    return write_pictures(tmp_path / "pictures")


@pytest.fixture
def other_pictures(tmp_path):
    return write_pictures(tmp_path / "other pictures", seed=1)


@pytest.fixture
def same_state():
    """Tells whether two checkpoint files hold the same arrays in bits, read without Keras."""

    def compare(one, other):
        one, other = arrays(one), arrays(other)
        assert one.keys() == other.keys()
        assert any("optimizer" in name for name in one)
        return all(one[name].tobytes() == other[name].tobytes() for name in one)

    return compare


def arrays(path):
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with h5py.File(path) as file:
        file.visititems(visit)
    return found
