import pytest


@pytest.fixture(autouse=True)
def own_cache(cache_folder):
    """Runs each test with a cache of its own."""
