import h5py
import pytest


@pytest.fixture(autouse=True)
def own_cache(cache_folder):
    """Runs each test with a cache of its own."""


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
