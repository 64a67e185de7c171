import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

pytest_plugins = [
    "tests.plain_tensorflow",
    "tests.random_seed",
    "tests.tiny_models",
    "tests.tiny_networks",
    "tests.tiny_recipe",
]


@pytest.fixture
def cache_folder(tmp_path_factory, monkeypatch):
    """A new cache, so that the test sees neither another test's nor the user's."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("KERASGAN_CACHE", str(folder))
    return folder
