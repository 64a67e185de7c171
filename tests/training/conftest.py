import contextlib
import hashlib

import h5py
import pytest
from filelock import FileLock

from tests.tiny_recipe import RECIPE, eager_training, write_pictures


@pytest.fixture(autouse=True)
def own_cache(cache_folder):
    """Runs each test with a cache of its own."""


@pytest.fixture(scope="session")
def trained(shared_folder):
    """Gives the run folder of an uninterrupted training of the tiny recipe with overrides.

    Each is trained once for all tests; a test that writes to it copies it first. With `eagerly` it
    trains without a graph, which gives other bits.
    """
    from kerasgan.recipes import read_recipe
    from kerasgan.training.trainer import train

    def trained(*overrides, eagerly=False):
        name = hashlib.sha256(repr((overrides, eagerly)).encode()).hexdigest()[:16]
        folder = shared_folder / "trained" / name
        with FileLock(shared_folder / f"{name}.lock"), pytest.MonkeyPatch.context() as patch:
            if not folder.exists():
                write_pictures(folder / "pictures")
                (folder / "tiny.toml").write_text(RECIPE)
                patch.setenv("KERASGAN_CACHE", str(folder / "cache"))
                recipe = read_recipe(folder / "tiny.toml", overrides)
                with eager_training() if eagerly else contextlib.nullcontext():
                    train(recipe, folder / "run", data=folder / "pictures")
        return folder / "run"

    return trained


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
