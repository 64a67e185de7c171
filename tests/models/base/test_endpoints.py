"""Exported models, loaded by programs that have TensorFlow and neither Keras nor kerasgan."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import ACGAN, CAN, GAN, VAEGAN, WGAN
from kerasgan.networks import cppn_generator
from kerasgan.networks.cppn_render import cppn_render
from tests.random_seed import seed_keras

TWO = {"genre": 3, "style": 2}

PROGRAM = """
import sys
import numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
given = dict(np.load(sys.argv[2]))
latents, images = given["latents"], given["images"]
labels = [given[name] for name in ("genre", "style") if name in given]
found = {"generate": model.generate(latents, *labels)}
serving = model.signatures["serving_default"]
named = {name: given[name] for name in ("latents", "genre", "style") if name in given}
(found["serving"],) = serving(**{name: tf.constant(each) for name, each in named.items()}).values()
outputs = model.discriminate(images)
found |= outputs if isinstance(outputs, dict) else {"scores": outputs}
if hasattr(model, "encode"):
    found["encode"] = model.encode(images)
if hasattr(model, "render"):
    found["render"] = model.render(latents, 5, 9, 2.0, np.float32([0.5, 0.0]))
np.savez(sys.argv[3], **{name: each.numpy() for name, each in found.items()})
"""


@pytest.fixture(scope="module")
def model_of(tiny_generator, tiny_discriminator, tiny_encoder):
    """Builds a model of one kind, the average of its weights other than its weights."""

    def model_of(kind):
        if kind == "plain":
            return GAN(tiny_generator(activation="tanh"), tiny_discriminator())
        if kind == "conditional":
            return ACGAN(tiny_generator(classes=TWO), tiny_discriminator(classes=TWO))
        if kind == "classes of the discriminator":
            return CAN(tiny_generator(), tiny_discriminator(classes=TWO))
        if kind == "average":
            model = WGAN(tiny_generator(), tiny_discriminator(), ema_decay=0.9)
            model.ema_generator.set_weights(tiny_generator(weights_seed=9).get_weights())
            return model
        if kind == "encoder":
            return VAEGAN(tiny_generator(), tiny_discriminator(), tiny_encoder())
        seed_keras(0)
        generator = cppn_generator(image_size=8, latent_dim=3, width=8, coordinate_scale=4.0)
        return WGAN(generator, tiny_discriminator())

    return model_of


@pytest.mark.parametrize(
    "kind",
    ["plain", "conditional", "classes of the discriminator", "average", "encoder", "cppn"],
)
def test_an_exported_model_draws_the_same_in_a_process_without_the_package(
    model_of, plain_tensorflow, tmp_path, kind
):
    model = model_of(kind)
    model.export(tmp_path / "exported")

    latents = model.draw_latents(3, seed=0)
    rng = np.random.default_rng(0)
    images = rng.random((3, 8, 8, 1), np.float32)
    labels = {name: rng.integers(0, TWO[name], 3, np.int32) for name in model.condition}
    np.savez(tmp_path / "given.npz", latents=latents, images=images, **labels)
    plain_tensorflow(PROGRAM, *(tmp_path / name for name in ("exported", "given.npz", "found.npz")))
    found = dict(np.load(tmp_path / "found.npz"))

    expected = {"generate": model.generate(latents, labels or None)}
    expected["serving"] = expected["generate"]
    low, high = model.image_range.low, model.image_range.high
    outputs = model.discriminator(low + (high - low) * images, training=False)
    names = ["scores", *model.classes]
    outputs = outputs if isinstance(outputs, list) else [outputs]
    expected |= dict(zip(names, outputs, strict=True))
    if kind == "encoder":
        expected["encode"] = model.encode(images)
    if kind == "cppn":
        expected["render"] = cppn_render(
            model.generator, latents, height=5, width=9, zoom=2.0, centre=(0.5, 0.0)
        )
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-5, err_msg=name)
    assert found["generate"].min() >= 0
    assert found["generate"].max() <= 1


def test_the_average_draws_and_not_the_network_that_trains(model_of):
    model = model_of("average")
    latents = model.draw_latents(3, seed=0)
    assert np.abs(model.generate(latents) - model.generator(latents)).max() > 1e-3


def test_every_weight_lies_under_a_plain_key(model_of, tmp_path):
    model = model_of("average")
    model.export(tmp_path)
    assert list(model.networks) == ["generator", "discriminator", "ema_generator"]
    reader = tf.train.load_checkpoint(str(tmp_path / "variables" / "variables"))
    for name in ("generator", "discriminator", "ema_generator"):
        for number, weight in enumerate(getattr(model, name).get_weights()):
            saved = reader.get_tensor(f"{name}/{number}/.ATTRIBUTES/VARIABLE_VALUE")
            np.testing.assert_array_equal(saved, weight)


def test_scores_of_parts_of_images_are_exported_as_their_mean(tiny_generator, tmp_path):
    critic = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(1, 3, name="scores")])
    model = WGAN(tiny_generator(), critic)
    model.export(tmp_path)
    images = np.random.default_rng(0).random((3, 8, 8, 1), np.float32)
    loaded = tf.saved_model.load(str(tmp_path))
    found = loaded.discriminate(images)
    assert found.shape == (3, 1)
    np.testing.assert_allclose(found[:, 0], np.mean(critic(images), axis=(1, 2, 3)), atol=1e-6)


def test_an_exported_model_refuses_images_out_of_range(model_of, tmp_path):
    model_of("plain").export(tmp_path)
    loaded = tf.saved_model.load(str(tmp_path))
    with pytest.raises(tf.errors.InvalidArgumentError, match="from 0 to 1"):
        loaded.discriminate(tf.fill((1, 8, 8, 1), 2.0))


def test_options_of_another_format_are_refused_for_a_saved_model(model_of, tmp_path):
    with pytest.raises(ValueError, match=r"no options.*Received: verbose, input_signature"):
        model_of("plain").export(tmp_path / "model", verbose=False, input_signature=[3])
    assert not (tmp_path / "model").exists()


def test_another_format_gets_the_network_that_draws(model_of, tmp_path, monkeypatch):
    exported, of_keras = [], keras.Model.export

    def export(network, filepath, format, **options):
        exported.append((network, filepath, format, options))
        of_keras(network, tmp_path / "other", verbose=False)  # It refuses what was never called.

    model = model_of("average")
    monkeypatch.setattr(type(model.ema_generator), "export", export)
    model.export(tmp_path / "model.onnx", format="onnx", verbose=False)
    assert exported == [(model.ema_generator, tmp_path / "model.onnx", "onnx", {"verbose": False})]
