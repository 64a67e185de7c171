import json

import numpy as np
import pytest

from kerasgan import zoo
from kerasgan.models import VAEGAN, WGAN, FastGAN
from kerasgan.recipes import read_recipe
from kerasgan.training.resolved_run import resolve_run
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.trainer import train
from kerasgan.zoo.saved_model import read_saved_model, write_saved_model
from tests.tiny_recipe import eager_training, write_pictures


def size(folder):
    return sum(path.stat().st_size for path in (folder / "variables").rglob("*"))


@pytest.fixture
def model(tiny_generator, tiny_discriminator):
    # The average of the weights differs from them.
    model = WGAN(tiny_generator(latent_dim=40), tiny_discriminator(), ema_decay=0.9)
    for weight in model.ema_generator.weights:
        weight.assign(weight * 0.9 + 0.01)
    return model


def test_a_compact_entry_draws_what_the_model_draws_to_less_than_a_grey_level(model, tmp_path):
    write_saved_model(model, tmp_path / "plain", model)
    write_saved_model(model, tmp_path / "compact", model, compact=True)
    loaded = read_saved_model(tmp_path / "compact", precision="float32")
    expected = model.generate(16, seed=0)
    assert np.abs(loaded.generate(16, seed=0) - expected).max() < 1 / 255
    assert size(tmp_path / "compact") < size(tmp_path / "plain") / 2


def test_its_generator_is_the_average_and_its_kernels_are_float16(model, tmp_path):
    write_saved_model(model, tmp_path / "compact", model, compact=True)
    loaded = read_saved_model(tmp_path / "compact", precision="float32")
    networks = (loaded.generator, loaded.ema_generator, model.ema_generator)
    for one, other, average in zip(*(network.get_weights() for network in networks), strict=True):
        np.testing.assert_array_equal(one, other)
        kept = average.astype("float16").astype("float32") if average.ndim > 1 else average
        np.testing.assert_array_equal(one, kept)


def test_endpoints_of_a_compact_entry_compute_as_the_loaded_model(
    model, plain_tensorflow, tmp_path
):
    write_saved_model(model, tmp_path / "compact", model, compact=True)
    loaded = read_saved_model(tmp_path / "compact", precision="float32")
    latents = loaded.draw_latents(3, seed=0)
    np.save(tmp_path / "latents.npy", latents)
    program = (
        "import sys, numpy as np, tensorflow as tf;"
        "model = tf.saved_model.load(sys.argv[1] + '/compact');"
        "images = model.generate(np.load(sys.argv[1] + '/latents.npy'));"
        "np.save(sys.argv[1] + '/images.npy', images);"
        "np.save(sys.argv[1] + '/scores.npy', model.discriminate(images))"
    )
    plain_tensorflow(program, tmp_path)
    images = loaded.generate(latents)
    np.testing.assert_allclose(np.load(tmp_path / "images.npy"), images, atol=1e-5)
    scores = loaded.discriminate(images).scores
    np.testing.assert_allclose(np.load(tmp_path / "scores.npy"), scores, rtol=1e-3, atol=1e-5)


def test_a_model_with_an_encoder_can_be_compact(
    tiny_generator, tiny_discriminator, tiny_encoder, tmp_path
):
    model = VAEGAN(tiny_generator(), tiny_discriminator(), tiny_encoder())
    write_saved_model(model, tmp_path / "compact", model, compact=True)
    loaded = read_saved_model(tmp_path / "compact", precision="float32")
    images = model.generate(4, seed=0)
    np.testing.assert_allclose(loaded.encode(images), model.encode(images), atol=0.01)


@pytest.mark.usefixtures("without_litert")
def test_export_writes_a_compact_entry(run, entry, tmp_path):
    compact = zoo.export(run, tmp_path / "compact", compact=True)
    zoo.verify(compact)
    difference = zoo.load(compact).generate(4, seed=0) - zoo.load(entry).generate(4, seed=0)
    assert np.abs(difference).max() < 1 / 255


@pytest.mark.usefixtures("without_litert")
def test_a_compact_entry_leaves_out_what_only_its_training_looked_through(tmp_path):
    tiny = "data.image_size=64 training.precision=float32 training.batch_size=2"
    tiny += " training.iterations=1 training.log_every=1 training.checkpoint_every=1"
    tiny += " training.sample_every=9 projected_discriminator.feature_size=64"
    for network in ("generator", "discriminator", "decoder", "projected_discriminator"):
        tiny += f" {network}.base_width=2"
    recipe = read_recipe("vision_aided_fastgan", tiny.split())
    pictures = write_pictures(tmp_path / "pictures")
    with eager_training():
        trained = train(recipe, tmp_path / "run", data=pictures).model
    entry = zoo.export(tmp_path / "run", tmp_path / "entry", compact=True)
    compact = zoo.load(entry)
    assert type(compact) is FastGAN
    difference = compact.generate(2, seed=0) - trained.generate(2, seed=0)
    assert np.abs(difference).max() < 1 / 255
    metrics = json.loads((entry / "metrics.json").read_text())
    assert metrics["objective"] == "VisionAidedFastGAN"
    assert set(metrics["parameters"]) == {"generator", "discriminator", "decoder"}

    # Its recipe can be trained on from it, with new heads.
    run = RunFolder(tmp_path / "on")
    resolved = resolve_run(recipe, run, data=pictures, init=entry)
    summary = resolved.init.summary()
    assert (
        "the projected_discriminator of this recipe begins as in a new training; all other"
        in summary
    )
    for name, network in compact.networks.items():
        ours = resolved.model.networks[name].get_weights()
        for one, other in zip(ours, network.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
