"""A small recipe, and small picture files that it trains on."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

# Networks of few layers: most of a short training's time goes into building its graph.
RECIPE = """
[data]
source = "images"
image_size = 32
help = "Draw some squares."

[data.augmentation]
flip_horizontal = true

[generator]
network = "cppn_generator"
image_size = 32
channels = 3
latent_dim = 8
width = 4
depth = 1

[discriminator]
network = "can_discriminator"
image_size = 32
dense_width = 4
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


# Arguments of `monkeypatch.setattr`: to see what networks need, they are built once more before.
WITHOUT_MEMORY_CHECK = ("kerasgan.recipes.build.check_memory", lambda build, batch_size: None)
# LiteRT's files, whose conversion takes longer than the rest of an export.
WITHOUT_LITERT = ("kerasgan.zoo.exporter._write_litert", lambda *_: None)


@contextlib.contextmanager
def eager_training():
    """Lets trainings go without a graph, which takes longer to build than a few steps take.

    For tests of what is done with a trained model; training itself is tested in the graph.
    """
    from kerasgan.models.base.multi_optimizer_model import MultiOptimizerModel

    fit = MultiOptimizerModel.fit

    def fit_eagerly(model, *arguments, **options):
        model.run_eagerly = True
        return fit(model, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MultiOptimizerModel, "fit", fit_eagerly)
        patch.setattr(*WITHOUT_MEMORY_CHECK)
        yield


@pytest.fixture
def without_graphs():
    """Lets the trainings of a test go without graphs."""
    with eager_training():
        yield


def write_pictures(folder: Path, *, seed: int = 0) -> Path:
    """Writes twelve coloured squares on white, 32x32, to a new folder, the same for each seed."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for number in range(12):
        picture = Image.new("RGB", (32, 32), "white")
        left, top = random.integers(0, 16, 2)
        colour = tuple(int(level) for level in random.integers(0, 256, 3))
        picture.paste(colour, (int(left), int(top), int(left) + 16, int(top) + 16))
        picture.save(folder / f"{number:02d}.png")
    return folder


@pytest.fixture
def recipe_file(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def recipe(recipe_file):
    """Reads the tiny recipe with `section.key=value` overrides."""
    from kerasgan.recipes import read_recipe

    return lambda *overrides: read_recipe(recipe_file, overrides)


@pytest.fixture
def pictures(tmp_path):
    """Twelve images of 32x32."""
    return write_pictures(tmp_path / "pictures")


@pytest.fixture
def other_pictures(tmp_path):
    return write_pictures(tmp_path / "other pictures", seed=1)
