"""Python's functions take models, recipes and images; the commands of those names take names."""

import numpy as np
import pytest

from kerasgan import data, drawing, export, metrics, training
from kerasgan.errors import UserError

NAME = "pokemon_wgan"
PROVENANCE = drawing.Provenance(model="", weights="")


@pytest.mark.parametrize(
    "call",
    [
        lambda _: drawing.sample(NAME, 4),
        lambda _: drawing.morph(NAME, np.zeros((2, 3))),
        lambda _: drawing.encode(NAME, np.zeros((1, 8, 8, 1))),
        lambda _: drawing.render(NAME, 0, drawing.Size(width=8, height=8)),
        lambda path: drawing.render_to_file(NAME, 0, path, drawing.Size(width=8, height=8)),
        lambda _: drawing.draw_again(NAME, PROVENANCE),
        lambda _: drawing.resolve_labels(NAME, "7"),
        lambda _: drawing.resolve_latent(NAME, "7"),
        lambda _: drawing.resolve_latent(NAME, "7.png"),
        lambda _: drawing.Sampler(NAME),
        lambda path: export.export_litert(NAME, path),
        lambda path: export.export_keras(NAME, path.with_suffix(".keras")),
        lambda path: export.export_onnx(NAME, path.with_suffix(".onnx")),
        lambda _: metrics.evaluate(NAME, "pictures"),
        lambda _: metrics.held_out_confusions(NAME, None),
    ],
)
def test_a_name_for_a_model_is_answered_with_what_returns_a_model(call, tmp_path):
    with pytest.raises(UserError, match=r"kerasgan\.zoo\.load.*Received: \w+='pokemon_wgan'"):
        call(tmp_path / "out")
    assert not any(tmp_path.iterdir())


def test_evaluate_says_what_measures_models_by_their_names():
    with pytest.raises(UserError, match=r"kerasgan\.zoo\.evaluate"):
        metrics.evaluate(NAME, "pictures")


@pytest.mark.parametrize("call", [training.train, training.plan])
def test_a_name_for_a_recipe_is_answered_with_what_reads_recipes(call, tmp_path):
    with pytest.raises(UserError, match=r"read_recipe.*Received: recipe='fastgan'"):
        call("fastgan", tmp_path / "run")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("images", "received"), [(np.zeros((4, 8, 8, 3)), r"float64 of shape"), ("pics", "'pics'")]
)
def test_images_that_are_no_image_set_are_answered_with_what_loads_them(images, received):
    with pytest.raises(UserError, match=rf"load_images.*Received: {received}"):
        data.training_dataset(images, batch_size=2, seed=0)
    with pytest.raises(UserError, match=rf"load_images.*Received: {received}"):
        data.holdout_split(images)


def test_a_path_for_images_is_answered_with_what_loads_them():
    with pytest.raises(UserError, match=r"load_images.*Received: images='pics'"):
        metrics.Reference("pics")
