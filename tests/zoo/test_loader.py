import json
import re
import shutil

import keras
import numpy as np
import pytest

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.models import WGAN
from kerasgan.training.run_loader import load_run
from kerasgan.zoo.checksums import write_checksums
from tests.tiny_recipe import eager_training


@pytest.fixture(scope="module")
def trained(run):
    return load_run(run)


def test_the_loaded_model_has_the_trained_weights_in_bits(trained, entry):
    loaded = zoo.load(entry)
    assert type(loaded) is WGAN
    assert loaded.n_critic == 2
    for name in ("generator", "discriminator", "ema_generator"):
        ours, theirs = getattr(loaded, name).weights, getattr(trained, name).weights
        assert len(ours) == len(theirs) > 0
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one.numpy(), other.numpy())
    np.testing.assert_array_equal(loaded.generate(3, seed=5), trained.generate(3, seed=5))
    # A curriculum or a pretraining that is over does not begin again.
    assert int(loaded.batches_seen) == int(trained.batches_seen) > 0
    assert int(loaded.averaged_updates) == int(trained.averaged_updates) > 0


def test_an_unknown_precision_is_named(entry):
    with pytest.raises(ValueError, match=r"precision must be one of .* precision='bfloat16'"):
        zoo.load(entry, precision="bfloat16")


def test_the_loaded_model_trains_on_at_once_and_after_compile(entry):
    gan = zoo.load(entry)
    images = np.random.default_rng(0).random((8, 32, 32, 3), np.float32)
    before = gan.generate(2, seed=0)
    with eager_training():
        gan.fit(images, batch_size=4, verbose=0)
        assert not np.array_equal(gan.generate(2, seed=0), before)
        gan.compile(generator_optimizer=keras.optimizers.Adam(1e-3), discriminator_optimizer="sgd")
        history = gan.fit(images, batch_size=4, verbose=0)
    assert np.isfinite(history.history["critic_loss"]).all()


@pytest.mark.usefixtures("without_litert")
def test_mixed_precision_is_float32_by_default_and_kept_on_request(run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "run")
    description = copy / "run.json"
    description.write_text(description.read_text().replace('"float32"', '"mixed_bfloat16"'))
    entry = zoo.export(copy, tmp_path / "mixed")

    def policies(gan):
        return {layer.dtype_policy.name for layer in gan.generator.layers}

    assert policies(zoo.load(entry)) == {"float32"}
    assert "mixed_bfloat16" in policies(zoo.load(entry, precision="mixed_bfloat16"))


_PROGRAM = """
import sys
import numpy as np
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
inputs = np.load(sys.argv[2])
images = model.generate(tf.constant(inputs))
scores = model.discriminate(images)
np.savez(sys.argv[3], images=images.numpy(), scores=scores.numpy())
"""


def test_the_saved_model_needs_tensorflow_alone_and_gives_the_same(
    entry, plain_tensorflow, tmp_path
):
    gan = zoo.load(entry)
    latents = gan.draw_latents(3, seed=1)
    np.save(tmp_path / "latents.npy", latents)
    plain_tensorflow(_PROGRAM, entry, tmp_path / "latents.npy", tmp_path / "out.npz")
    drawn = np.load(tmp_path / "out.npz")
    np.testing.assert_allclose(drawn["images"], gan.generate(latents), atol=1e-6)
    scores = gan.critic(drawn["images"], training=False)
    np.testing.assert_allclose(drawn["scores"], scores, atol=1e-6)


def test_a_configuration_of_something_else_is_a_clear_error(entry, tmp_path):
    copy = shutil.copytree(entry, tmp_path / "copy")
    (copy / "assets.extra" / "model.json").write_text('{"class_name": "Unknown"}')
    write_checksums(copy)
    with pytest.raises(UserError, match=re.escape(str(copy))):
        zoo.load(copy)


@pytest.mark.parametrize("change", [-1, 1])
def test_weights_that_are_not_those_of_the_network_are_counted(entry, tmp_path, change):
    copy = shutil.copytree(entry, tmp_path / "copy")
    path = copy / "assets.extra" / "model.json"
    configuration = json.loads(path.read_text())
    layers = configuration["config"]["discriminator"]["config"]["layers"]
    if change < 0:
        layers[-1]["config"]["use_bias"] = False
    else:
        rectifier = next(each for each in layers if each["class_name"] == "FastLeakyReLU")
        rectifier["config"] = {"name": rectifier["config"]["name"]}
        rectifier |= {"module": "keras.layers", "class_name": "PReLU", "registered_name": None}
    path.write_text(json.dumps(configuration))
    write_checksums(copy)
    count = len(zoo.load(entry).discriminator.weights)
    message = f"discriminator has {count + change} weights, and its file has {count};"
    with pytest.raises(UserError, match=message):
        zoo.load(copy)


@pytest.mark.parametrize("damage", ["a layer", "a network", "the class"])
def test_entry_that_cannot_be_rebuilt_is_one_short_line(entry, tmp_path, damage):
    copy = shutil.copytree(entry, tmp_path / "copy")
    path = copy / "assets.extra" / "model.json"
    configuration = json.loads(path.read_text())
    if damage == "a layer":
        layers = configuration["config"]["generator"]["config"]["layers"]
        layers[1]["config"]["no_such_argument"] = 3
    elif damage == "a network":
        del configuration["config"]["discriminator"]["config"]["layers"]
    else:
        configuration |= {"class_name": "NoSuchGAN", "registered_name": "NoSuchGAN"}
    path.write_text(json.dumps(configuration))
    write_checksums(copy)
    with pytest.raises(UserError) as error:
        zoo.load(copy)
    assert str(error.value).startswith(f"Cannot rebuild the model in {copy}: ")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400 + len(str(copy))
