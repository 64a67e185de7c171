import keras
import numpy as np
import pytest
from keras import layers

from kerasgan.data import ImageSet
from tests.random_seed import seed_keras


@pytest.fixture(autouse=True)
def own_cache(cache_folder):
    """Runs each test with a cache of its own."""


@pytest.fixture(scope="session")
def network():
    """Builds a network from images of a size to six features, the same each time."""

    def build(size=8, channels=1):
        seed_keras(5)
        images = keras.Input((size, size, channels))
        x = layers.Conv2D(6, 3, strides=2, activation="relu", bias_initializer="random_normal")
        return keras.Model(images, layers.GlobalAveragePooling2D()(x(images)), name="tiny")

    return build


@pytest.fixture(scope="session")
def squares():
    """Draws a number of grey images with a bright square somewhere, uint8 `(n, size, size, 1)`."""

    def draw(count, size=8, seed=0):
        random = np.random.default_rng(seed)
        images = random.integers(0, 40, (count, size, size, 1), dtype=np.uint8)
        for image in images:
            row, column = random.integers(0, size // 2, 2)
            image[row : row + size // 2, column : column + size // 2] += np.uint8(
                random.integers(100, 216)
            )
        return images

    return draw


@pytest.fixture
def labelled(squares):
    """240 images of the classes of the tiny models, the landscapes darkest."""
    genre = np.arange(240, dtype=np.int32) % 4 % 3
    images = (squares(240) // np.array([4, 2, 1])[genre][:, None, None, None]).astype(np.uint8)
    return ImageSet(
        images=images,
        labels={"genre": genre},
        class_names={"genre": ("landscape", "portrait", "still-life")},
    )


@pytest.fixture
def trained_once(shared_folder, monkeypatch):
    """Lets all tests that ask for it share a cache, and so the classifier of `labelled`."""
    monkeypatch.setenv("KERASGAN_CACHE", str(shared_folder / "classifiers"))
