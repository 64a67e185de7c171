import shutil

import msgspec
import numpy as np
import pytest

from kerasgan.drawing import Size, View, draw_again, encode, morph, render, resolve_latent, sample
from kerasgan.drawing.drawable import in_tensorflow
from kerasgan.drawing.from_provenance import generate_mixed
from kerasgan.drawing.litert.model import LiteRTModel
from kerasgan.errors import UserError

GREY_LEVEL = 1.0 / 255.0


def assert_alike(drawn, expected, levels=1.0):
    np.testing.assert_allclose(drawn, expected, atol=levels * GREY_LEVEL)


def test_the_same_seed_draws_the_same_classes_and_pictures(litert, plain, conditional, cppn):
    for name, model in {"plain": plain, "conditional": conditional, "cppn": cppn}.items():
        ours, theirs = sample(litert[name], 5, seed=3), sample(model, 5, seed=3)
        np.testing.assert_allclose(ours.latents, theirs.latents, atol=1e-6)
        assert_alike(ours.images, theirs.images)
        named = msgspec.structs.replace(theirs.provenance, engine="litert")
        assert ours.provenance == named


def test_files_say_which_engine_drew(litert, plain):
    texts = [sample(model, 1, seed=0).provenance.text() for model in (litert["plain"], plain)]
    assert [text.get("Engine") for text in texts] == ["litert", None]
    assert "engine" not in texts[1]["Settings"]


def test_classes_are_taken_by_name_and_mixed(litert, conditional):
    model = litert["conditional"]
    labels = {"genre": "portrait", "style": [0, 1]}
    ours = sample(model, 2, labels, seed=0)
    assert ours.provenance.labels == {"genre": ("portrait",) * 2, "style": ("0", "1")}
    assert_alike(ours.images, conditional.generate(2, labels, seed=0))
    rows = sample(model, 2, seed=1, every_class=True).images
    assert_alike(rows, sample(conditional, 2, seed=1, every_class=True).images)

    mixed = {"genre": [{"portrait": 0.25, "landscape": 0.75}], "style": ["1"]}
    latents = conditional.draw_latents(1, seed=4)
    assert_alike(generate_mixed(model, latents, mixed), generate_mixed(conditional, latents, mixed))
    stations = {"genre": ["portrait", "landscape"], "style": ["0"]}
    ways = [morph(each, latents, stations, frames=3) for each in (model, conditional)]
    for ours, theirs in zip(*(way.frames for way in ways), strict=True):
        assert_alike(ours / 255.0, theirs / 255.0, levels=2.0)


@pytest.mark.parametrize(("width", "height"), [(64, 64), (65, 3), (150, 130), (600, 1)])
def test_any_size_and_view_is_drawn_in_tiles(litert, cppn, width, height):
    view = {"zoom": 1.75, "centre": (0.25, -0.5)}
    size = Size(width=width, height=height)
    ours, theirs = (render(model, 3, size, **view) for model in (litert["cppn"], cppn))
    assert np.abs(ours.astype(int) - theirs).max() <= 1
    inverted = render(litert["cppn"], 3, size, **view, invert=True)
    np.testing.assert_array_equal(inverted, 255 - ours)


def test_coordinates_are_those_of_the_layer_in_bits(litert, cppn):
    layer = cppn.generator.layers[1]
    for size, view in [
        (Size(width=7, height=5), View()),
        (Size(width=1, height=1), View(3.0, (0.1, 0.2))),
        (Size(width=1000, height=999), View(1.37, (-1 / 3, 1e-5))),
    ]:
        expected = layer.coordinates(size.height, size.width, zoom=view.zoom, centre=view.centre)
        for ours, theirs in zip(litert["cppn"]._coordinates(size, view), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs.numpy())


def test_a_picture_is_drawn_again_the_same_in_bits(litert):
    for model in (litert["conditional"], litert["cppn"]):
        picture = sample(model, 3, seed=1, truncation=0.7).grid(2)
        again = draw_again(model, picture.provenance)
        np.testing.assert_array_equal(picture.image, again.image)
        assert again.provenance == picture.provenance


def test_another_engine_draws_again_and_says_so(litert, plain):
    picture = sample(plain, 2, seed=1).grid()
    again = draw_again(litert["plain"], picture.provenance)
    assert again.provenance.engine == "litert"
    assert_alike(again.image, picture.image)


def test_late_latents_are_those_of_the_stream(litert, plain):
    ours = resolve_latent(litert["plain"], "5:999")
    np.testing.assert_allclose(ours, plain.draw_latents(1000, seed=5)[999], atol=1e-6)


def test_an_encoder_encodes(litert, autoencoder):
    images = autoencoder.generate(3, seed=0)
    ours, theirs = (encode(model, images) for model in (litert["autoencoder"], autoencoder))
    np.testing.assert_allclose(ours.latents, theirs.latents, atol=1e-2)


def test_what_only_tensorflow_does_is_refused_or_done_by_it(litert, litert_files, plain):
    with pytest.raises(UserError, match="engine='tensorflow'"):
        sample(litert["plain"], 1, best_of=2)
    with pytest.raises(UserError, match="engine='tensorflow'"):
        encode(litert["plain"], plain.generate(1, seed=0))
    model = LiteRTModel(litert_files["plain"], load_in_tensorflow=lambda: plain)
    assert in_tensorflow(model, "") is plain
    selected = sample(model, 1, seed=0, best_of=2)
    assert selected.provenance == sample(plain, 1, seed=0, best_of=2).provenance


def test_wrong_latents_and_labels_are_refused(litert):
    with pytest.raises(ValueError, match=r"\(n, 3\).*\(2, 4\)"):
        litert["plain"].generate(np.zeros((2, 4)))
    for count in (0, 1.5):
        with pytest.raises(ValueError, match=f"latents={count}"):
            litert["plain"].generate(count)
    with pytest.raises(ValueError, match="plain has no labels"):
        litert["plain"].generate(1, "portrait")
    with pytest.raises(ValueError, match=r"'portait'.*portrait"):
        litert["conditional"].generate(1, {"genre": "portait"})
    with pytest.raises(UserError, match="8x8 pixels only"):
        sample(litert["plain"], 1, size=Size(width=9, height=9))


def test_damaged_files_are_named(litert_files, tmp_path):
    folder = shutil.copytree(litert_files["plain"], tmp_path / "plain")
    (folder / "generate.tflite").write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"generate\.tflite is damaged"):
        LiteRTModel(folder)
    shutil.copy(litert_files["autoencoder"] / "encode.tflite", folder / "generate.tflite")
    with pytest.raises(UserError, match=r"generate\.tflite is not the file"):
        LiteRTModel(folder)
    (folder / "generate.tflite").unlink()
    with pytest.raises(UserError, match=r"generate\.tflite is missing"):
        LiteRTModel(folder)
    (folder / "model.json").write_text('{"format": 2}')
    with pytest.raises(UserError, match=r"model\.json"):
        LiteRTModel(folder)
    with pytest.raises(UserError, match="no LiteRT files"):
        LiteRTModel(tmp_path)
