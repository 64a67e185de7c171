import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from tensorflow.lite.tools import flatbuffer_utils

from kerasgan import zoo
from kerasgan.drawing.litert.model import LiteRTModel
from kerasgan.drawing.provenance import fingerprint
from kerasgan.errors import UserError
from kerasgan.export import export_litert
from kerasgan.models import WGAN
from kerasgan.networks import cppn_generator

GREY_LEVEL = 1.0 / 255.0


def described(folder):
    return json.loads((folder / "model.json").read_text())


def run(folder, function, **inputs):
    """What LiteRT's own interpreter makes of inputs by name."""
    file = folder / described(folder)["functions"][function]["file"]
    runner = Interpreter(str(file)).get_signature_runner("serving_default")
    return runner(**{name: np.float32(value) for name, value in inputs.items()})


def test_generate_draws_what_tensorflow_draws(plain, litert_files):
    latents = plain.draw_latents(1, seed=0)
    drawn = run(litert_files["plain"], "generate", latents=latents)["images"]
    np.testing.assert_allclose(drawn, plain.generate(latents), atol=GREY_LEVEL)


def test_a_class_is_one_part_of_one(conditional, litert_files):
    latents = conditional.draw_latents(1, seed=0)
    parts = {"genre": [[0, 0, 1]], "style": [[1, 0]]}
    drawn = run(litert_files["conditional"], "generate", latents=latents, **parts)["images"]
    expected = conditional.generate(latents, {"genre": "still-life", "style": 0})
    np.testing.assert_allclose(drawn, expected, atol=GREY_LEVEL)


def test_tiles_have_the_pixels_at_the_crossings(cppn, litert_files):
    latents = cppn.draw_latents(1, seed=0)
    axis = np.zeros(64)
    axis[:8] = 4.0 * np.linspace(-1.0, 1.0, 8)
    drawn = run(litert_files["cppn"], "tile", latents=latents, x=axis, y=axis)["images"]
    np.testing.assert_allclose(drawn[:, :8, :8], cppn.generate(latents), atol=1e-5)


def test_a_softplus_of_large_values_is_finite(tmp_path, tiny_discriminator):
    keras.utils.set_random_seed(0)
    options = {"latent_scale": 8.0, "first_activation": "softplus", "weight_stddev": 0.5}
    generator = cppn_generator(image_size=8, latent_dim=3, width=8, **options)
    folder = export_litert(WGAN(generator, tiny_discriminator()), tmp_path / "new")
    latents, axis = np.ones((1, 3)), np.linspace(-500.0, 500.0, 64)
    drawn = run(folder, "tile", latents=latents, x=axis, y=axis)["images"]
    first, *following = generator.layers[1:]
    expected = first.at(tf.constant(latents), tf.constant(axis), tf.constant(axis))
    for layer in following:
        expected = layer(expected)
    np.testing.assert_allclose(drawn, expected, atol=1e-4)


def test_tiles_have_waves_and_modulation(tmp_path, tiny_discriminator):
    keras.utils.set_random_seed(0)
    generator = cppn_generator(image_size=8, latent_dim=3, width=8, octaves=2, modulated=True)
    model = WGAN(generator, tiny_discriminator())
    folder = export_litert(model, tmp_path / "new")
    drawn = LiteRTModel(folder).generate(2, seed=0)
    np.testing.assert_allclose(drawn, model.generate(2, seed=0), atol=1e-5)


def test_encode_finds_the_mean_of_the_codes(autoencoder, litert_files):
    images = autoencoder.generate(1, seed=0)
    found = run(litert_files["autoencoder"], "encode", images=images)["latents"]
    np.testing.assert_allclose(found, autoencoder.encode(images), atol=1e-2)


def test_the_description_says_all_that_drawing_needs(conditional, litert_files):
    description = described(litert_files["conditional"])
    assert description["weights"] == fingerprint(conditional)
    assert description["latent_dim"] == 3
    assert description["image_shape"] == [8, 8, 1]
    assert description["classes"] == {
        "genre": ["landscape", "portrait", "still-life"],
        "style": ["0", "1"],
    }
    inputs = description["functions"]["generate"]["inputs"]
    assert inputs == {"latents": [1, 3], "genre": [1, 3], "style": [1, 2]}
    assert described(litert_files["cppn"])["coordinate_scale"] == 4.0


def test_each_file_holds_the_description(litert_files):
    for folder in litert_files.values():
        files = [*folder.glob("*.tflite")]
        assert files
        for file in files:
            model = flatbuffer_utils.read_model(str(file))
            texts = {entry.name: model.buffers[entry.buffer].data for entry in model.metadata}
            assert bytes(texts[b"kerasgan"]) == (folder / "model.json").read_bytes()


def test_an_export_is_replaced_and_other_files_are_kept(plain, litert_files, tmp_path):
    folder = shutil.copytree(litert_files["plain"], tmp_path / "new")
    (folder / "generate.tflite").write_bytes(b"")
    export_litert(plain, folder)
    assert LiteRTModel(folder).generate(1, seed=0).shape == (1, 8, 8, 1)
    (folder / "mine.txt").touch()
    with pytest.raises(UserError, match=r"mine\.txt"):
        export_litert(plain, folder, force=True)

    other = tmp_path / "other"
    other.mkdir()
    (other / "model.json").write_text("{}")
    with pytest.raises(UserError, match=r"model\.json"):
        export_litert(plain, other)
    assert (other / "model.json").read_text() == "{}"
    export_litert(plain, other, force=True)
    assert described(other)["latent_dim"] == 3


def test_what_cannot_be_exported_is_named_and_leaves_no_file(tmp_path, tiny_discriminator):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = cppn_generator(image_size=8, latent_dim=3, width=8)
    finally:
        keras.config.set_dtype_policy("float32")
    with pytest.raises(UserError, match=r"tiny .*bfloat16"):
        export_litert(WGAN(generator, tiny_discriminator()), tmp_path / "new", name="tiny")

    latent = keras.Input((4,))
    gamma = keras.layers.Lambda(lambda z: tf.math.igamma(1.0 + z**2, z**2), output_shape=(4,))
    images = keras.layers.Reshape((2, 2, 1))(gamma(latent))
    generator = keras.Model(latent, images)
    critic_input = keras.Input((2, 2, 1))
    scores = keras.layers.Dense(1)(keras.layers.Flatten()(critic_input))
    model = WGAN(generator, keras.Model(critic_input, scores), image_range=(0.0, 1.0))
    with pytest.raises(UserError, match="Igamma"):
        export_litert(model, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_shipped_entry_draws_what_tensorflow_draws():
    # It has labels, and an operation of its weights that LiteRT takes only in two steps.
    model = zoo.load("wikiart_gangogh")
    drawn = LiteRTModel(zoo.find("wikiart_gangogh") / "litert").generate(8, seed=0)
    difference = np.abs(drawn - model.generate(8, seed=0)) * 255.0
    assert drawn.std() > 0.1
    assert difference.max() <= 3.0
