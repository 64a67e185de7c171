import h5py
import numpy as np
import pytest
from PIL import Image

from kerasgan.training.recipe import read_recipe

RECIPE = """
[data]
source = "images"
image_size = 32
help = "Draw some squares."

[data.augmentation]
flip_horizontal = true

[generator]
network = "pokemon_generator"
image_size = 32
latent_dim = 8
base_width = 2

[discriminator]
network = "pokemon_critic"
image_size = 32
base_width = 2

[model]
objective = "WGAN"
n_critic = 2
ema_decay = 0.9

[training]
batch_size = 4
iterations = 4
seed = 3
precision = "float32"
log_every = 1
checkpoint_every = 2
sample_every = 2

[training.generator_optimizer]
optimizer = "Adam"
learning_rate = 1e-3

[training.discriminator_optimizer]
optimizer = "RMSprop"
learning_rate = 5e-4
"""


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
    return draw_pictures(tmp_path / "pictures", seed=0)


@pytest.fixture
def other_pictures(tmp_path):
    return draw_pictures(tmp_path / "other pictures", seed=1)


@pytest.fixture
def same_state():
    """Tells whether two checkpoint files hold the same arrays in bits, read without Keras."""

    def compare(one, other):
        one, other = arrays(one), arrays(other)
        assert one.keys() == other.keys()
        assert any("optimizer" in name for name in one)
        return all(one[name].tobytes() == other[name].tobytes() for name in one)

    return compare


def draw_pictures(folder, *, seed):
    folder.mkdir()
    random = np.random.default_rng(seed)
    for number in range(12):
        picture = Image.new("RGB", (32, 32), "white")
        left, top = random.integers(0, 16, 2)
        colour = tuple(int(level) for level in random.integers(0, 256, 3))
        picture.paste(colour, (int(left), int(top), int(left) + 16, int(top) + 16))
        picture.save(folder / f"{number:02d}.png")
    return folder


def arrays(path):
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with h5py.File(path) as file:
        file.visititems(visit)
    return found
