"""The entry of a shipped recipe of a CPPN GAN+VAE, made small."""

import numpy as np
import pytest
from PIL import Image

from kerasgan.networks.cppn_render import cppn_render
from kerasgan.recipes import find_recipe, read_recipe
from kerasgan.training.run_loader import load_run
from kerasgan.training.trainer import train
from kerasgan.zoo.exporter import export
from kerasgan.zoo.loader import load
from tests.tiny_recipe import WITHOUT_LITERT, eager_training

SHORT = (
    "training.batch_size=4",
    "training.iterations=2",
    "training.precision=float32",
    "training.log_every=1",
)


@pytest.fixture(scope="module")
def vaegan(tmp_path_factory):
    """A tiny CPPN GAN+VAE on random crops, trained and exported: its run and its entry."""
    folder = tmp_path_factory.mktemp("vaegan")
    (folder / "pictures").mkdir()
    random = np.random.default_rng(0)
    for number in range(6):
        pixels = random.integers(0, 256, (10, 10), np.uint8)
        Image.fromarray(pixels).save(folder / "pictures" / f"{number}.png")
    sizes = [
        f"{section}.{key}={value}"
        for section, keys in {
            "generator": {"image_size": 8, "latent_dim": 3, "width": 4, "depth": 1},
            "discriminator": {"image_size": 8, "base_width": 2},
            "encoder": {"image_size": 8, "latent_dim": 3, "width": 4},
        }.items()
        for key, value in keys.items()
    ]
    recipe = read_recipe(
        find_recipe("mnist_cppn_vaegan"),
        [
            *SHORT,
            *sizes,
            "data.source=images",
            "data.image_size=10",
            "data.augmentation.random_crop=8",
            "model.autoencoder_updates=1",
            "model.schedule.handicap=1",
        ],
    )
    with eager_training(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERASGAN_CACHE", str(folder / "cache"))
        train(recipe, folder / "run", data=folder / "pictures")
        patch.setattr(*WITHOUT_LITERT)
        return folder / "run", export(folder / "run", folder / "digits")


def test_saved_model_of_a_cppn_vaegan_encodes_and_renders_without_the_package(
    vaegan, plain_tensorflow, tmp_path
):
    run, entry = vaegan
    trained, loaded = load_run(run), load(entry)
    images = trained.generate(2, seed=0)
    np.testing.assert_array_equal(loaded.generate(2, seed=0), images)
    codes, latents = loaded.encode(images), loaded.draw_latents(2, seed=0)
    np.testing.assert_array_equal(trained.encode(images), codes)
    large = cppn_render(
        trained.sampling_generator, latents, height=5, width=9, zoom=2.0, centre=(0.5, 0.0)
    )
    np.savez(tmp_path / "in.npz", images=images, latents=latents, codes=codes, large=large)
    program = f"""
import numpy as np, tensorflow as tf
given = np.load({str(tmp_path / "in.npz")!r})
model = tf.saved_model.load({str(entry)!r})
np.testing.assert_allclose(model.encode(given["images"]), given["codes"], atol=1e-5)
large = model.render(given["latents"], 5, 9, 2.0, [0.5, 0.0])
np.testing.assert_allclose(large, given["large"], atol=1e-5)
"""
    plain_tensorflow(program)
