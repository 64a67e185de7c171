import gc
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

# TensorFlow and graphs are made of very many objects. To look for garbage among them as often as
# Python does by default takes a twentieth of the time of the tests.
gc.set_threshold(50_000, 20, 20)


pytest_plugins = [
    "tests.fresh_process",
    "tests.litert_models",
    "tests.random_seed",
    "tests.scheduling",
    "tests.tiny_models",
    "tests.tiny_networks",
    "tests.tiny_recipe",
]


def pytest_collection_modifyitems(items):
    # The longest files come first, so that no process is left alone with one at the end.
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


def pytest_sessionfinish():
    # Pytest looks for garbage five times at the end; after the first there is none to be found.
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that all processes of pytest-xdist share; a lock must guard what they write."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def cache_folder(tmp_path_factory, monkeypatch):
    """A new cache, so that the test sees neither another test's nor the user's."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("KERASGAN_CACHE", str(folder))
    return folder
