import json
import sys

import keras
import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.export import export_onnx
from kerasgan.models import WGAN
from tests.optional import skip_without

skip_without("onnxruntime", "tf2onnx")


def session_of(path):
    import onnxruntime

    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def signature(nodes):
    return {node.name: (node.shape, node.type) for node in nodes}


def test_onnxruntime_draws_what_tensorflow_draws(plain, cppn, tmp_path):
    for name, model in {"plain": plain, "cppn": cppn}.items():
        session = session_of(export_onnx(model, tmp_path / f"{name}.onnx"))
        assert signature(session.get_inputs()) == {"latents": (["batch", 3], "tensor(float)")}
        images = {"images": (["batch", 8, 8, 1], "tensor(float)")}
        assert signature(session.get_outputs()) == images
        for count in (1, 5):
            latents = model.draw_latents(count, seed=0)
            (drawn,) = session.run(["images"], {"latents": latents})
            np.testing.assert_allclose(drawn, model.generate(latents), atol=1e-5)


def test_a_conditional_model_takes_labels_and_names_its_classes(conditional, tmp_path):
    session = session_of(export_onnx(conditional, tmp_path / "model.onnx", name="genres"))
    labels = {"genre": np.array([0, 1, 2, 0], "int32"), "style": np.array([1, 0, 1, 0], "int32")}
    inputs = signature(session.get_inputs())
    assert inputs.keys() == {"latents", "genre", "style"}
    assert inputs["genre"] == (["batch"], "tensor(int32)")
    latents = conditional.draw_latents(4, seed=0)
    (drawn,) = session.run(None, {"latents": latents, **labels})
    np.testing.assert_allclose(drawn, conditional.generate(latents, labels), atol=1e-5)
    metadata = session.get_modelmeta().custom_metadata_map
    assert metadata["name"] == "genres"
    assert json.loads(metadata["classes"])["genre"] == ["landscape", "portrait", "still-life"]


def test_the_average_of_a_network_of_transposed_convolutions_is_exported(tmp_path):
    from kerasgan.networks import pokemon_critic, pokemon_generator

    generator = pokemon_generator(image_size=32, latent_dim=4, base_width=2)
    model = WGAN(generator, pokemon_critic(image_size=32, base_width=2), ema_decay=0.9)
    for weight in model.ema_generator.weights:
        weight.assign(weight + 0.01)
    latents = model.draw_latents(3, seed=0)
    session = session_of(export_onnx(model, tmp_path / "model.onnx"))
    (drawn,) = session.run(None, {"latents": latents})
    np.testing.assert_allclose(drawn, model.generate(latents), atol=1e-5)


def test_what_onnx_cannot_express_is_one_line(tiny_discriminator, tmp_path):
    latents = keras.Input((3,))
    x = keras.ops.erfinv(keras.ops.tanh(keras.layers.Dense(64)(latents)))
    images = keras.layers.Activation("sigmoid")(keras.layers.Reshape((8, 8, 1))(x))
    model = WGAN(keras.Model(latents, images), tiny_discriminator())
    with pytest.raises(UserError, match="cannot be converted to ONNX") as error:
        export_onnx(model, tmp_path / "model.onnx")
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_what_is_refused_is_one_line_and_leaves_no_file(plain, tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"must end in \.onnx"):
        export_onnx(plain, tmp_path / "model.keras")
    (tmp_path / "mine.onnx").write_text("mine")
    with pytest.raises(UserError, match="force=True"):
        export_onnx(plain, tmp_path / "mine.onnx")
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    monkeypatch.delitem(sys.modules, "tf2onnx.convert", raising=False)
    with pytest.raises(UserError, match=r"pip install 'kerasgan\[onnx\]'"):
        export_onnx(plain, tmp_path / "model.onnx")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("mine.onnx", "mine")]
