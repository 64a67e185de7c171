import re
import zipfile

import keras
import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.export import export_keras, foreign_layers
from kerasgan.models import WGAN


@pytest.fixture(scope="module")
def of_keras_alone(tiny_generator, tiny_discriminator):
    """A model whose generator has no layers of kerasgan, ends in tanh and keeps an average."""
    generator = tiny_generator(normalize=False, activation="tanh")
    model = WGAN(generator, tiny_discriminator(), ema_decay=0.9)
    for weight in model.ema_generator.weights:
        weight.assign(weight * 0.9 + 0.01)
    return model


def test_a_file_draws_what_the_model_draws(cppn, of_keras_alone, tmp_path):
    for name, model in {"cppn": cppn, "average": of_keras_alone}.items():
        network = keras.saving.load_model(export_keras(model, tmp_path / f"{name}.keras"))
        latents = model.draw_latents(5, seed=0)
        images = model.generate(latents)
        np.testing.assert_allclose(network.predict(latents, verbose=0), images, atol=1e-6)
        assert [each.name for each in network.inputs] == ["latents"]
        assert list(network.output_names) == ["images"]


def test_the_file_of_a_conditional_model_takes_labels_by_the_names_of_their_sets(
    conditional, tmp_path
):
    network = keras.saving.load_model(export_keras(conditional, tmp_path / "genres.keras"))
    latents = conditional.draw_latents(4, seed=0)
    labels = {"genre": np.array([0, 1, 2, 0], "int32"), "style": np.array([1, 0, 1, 0], "int32")}
    images = network.predict({"latents": latents, **labels}, verbose=0)
    np.testing.assert_allclose(images, conditional.generate(latents, labels), atol=1e-6)


def test_a_file_names_no_class_but_keras_own_and_those_of_kerasgan_layers(
    cppn, of_keras_alone, tmp_path
):
    assert foreign_layers(of_keras_alone.sampling_generator) == []
    with zipfile.ZipFile(export_keras(of_keras_alone, tmp_path / "plain.keras")) as file:
        assert b"kerasgan" not in file.read("config.json")
    assert foreign_layers(cppn.sampling_generator) == ["CPUConv2D", "CoordinateDense"]
    with zipfile.ZipFile(export_keras(cppn, tmp_path / "own.keras")) as file:
        configuration = file.read("config.json").decode()
    registered = set(re.findall(r'"registered_name": "([^"]+)"', configuration))
    assert registered == {"Functional", "kerasgan>CPUConv2D", "kerasgan>CoordinateDense"}


def test_files_of_others_and_other_endings_are_refused(plain, tmp_path):
    with pytest.raises(UserError, match=r"must end in \.keras"):
        export_keras(plain, tmp_path / "model.h5")
    path = tmp_path / "mine.keras"
    path.write_text("mine")
    with pytest.raises(UserError, match="force=True"):
        export_keras(plain, path)
    assert path.read_text() == "mine"
    export_keras(plain, path, force=True)
    assert keras.saving.load_model(path).output_shape == (None, 8, 8, 1)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.keras"]
