"""Entries of shipped conditional recipes, made small, and of a second stage."""

import contextlib
import json
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from kerasgan.cli.main import main
from kerasgan.errors import UserError
from kerasgan.recipes import find_recipe, read_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.training.run_loader import load_run
from kerasgan.training.trainer import train
from kerasgan.zoo.entries import stage_name
from kerasgan.zoo.exporter import export
from kerasgan.zoo.loader import load
from tests.tiny_recipe import eager_training

pytestmark = pytest.mark.early

SHORT = (
    "training.batch_size=4",
    "training.iterations=1",
    "training.precision=float32",
    "training.log_every=1",
)


def write_dump(root):
    """Writes a WikiArt of two genres and two styles."""
    rows = []
    for number in range(16):
        name = f"{('Cubism', 'Pop_Art')[number % 2]}/someone_{number}.jpg"
        path = root / "wikiart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 40), (16 * number, 100, 255 - 16 * number)).save(path)
        rows.append(f"{name},{(4, 6)[number // 8]}\r\n")
    (root / "wikiart_csv").mkdir()
    (root / "wikiart_csv" / "genre_train.csv").write_text("".join(rows))
    (root / "wikiart_csv" / "genre_class.txt").write_text("4 landscape\n6 portrait\n")
    return root


def without_litert(*_, **__):
    """Leaves out LiteRT's files, whose conversion takes long and is tested elsewhere."""


@pytest.fixture(scope="module")
def conditional(tmp_path_factory):
    """A tiny GANGogh of genre and style, trained and exported: its run and its entry."""
    folder = tmp_path_factory.mktemp("conditional")
    recipe = read_recipe(
        find_recipe("wikiart_gangogh"),
        [
            *SHORT,
            "data.image_size=32",
            "data.holdout=0.3",
            'data.labels=["genre", "style"]',
            "data.classes={}",
            "generator.image_size=32",
            "generator.base_width=1",
            "generator.latent_dim=3",
            "discriminator.image_size=32",
            "discriminator.base_width=1",
            "model.n_critic=2",
            "model.pretraining=1",
        ],
    )
    with eager_training(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERASGAN_CACHE", str(folder / "cache"))
        train(recipe, folder / "run", data=write_dump(folder / "dump"))
        patch.setattr("kerasgan.zoo.exporter._write_litert", without_litert)
        return folder / "run", export(folder / "run", folder / "gogh")


@pytest.fixture(scope="module")
def stage_two(conditional):
    """The entry of that GANGogh's second stage, trained and exported beside it."""
    _, entry = conditional
    recipe = read_recipe(
        find_recipe("wikiart_gangogh_stage2"),
        [
            *SHORT,
            f"stage_one.model={str(entry)!r}",
            "data.image_size=64",
            "data.holdout=0.3",
            'data.classes.genre=["portrait", "landscape"]',
            'data.classes.style=["Cubism", "Pop_Art"]',
            "generator.image_size=64",
            "generator.base_width=1",
            "generator.depth=1",
            "discriminator.image_size=64",
            "discriminator.base_width=1",
            "model.n_critic=1",
            "model.pretraining=0",
        ],
    )
    with eager_training(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERASGAN_CACHE", str(entry.parent / "cache"))
        train(recipe, entry.parent / "run2", data=entry.parent / "dump")
    return export(entry.parent / "run2", entry.parent / "gogh_stage2")


def test_an_entry_tells_how_many_images_it_was_trained_on_without_those_held_out(conditional):
    run, entry = conditional
    metrics = json.loads((entry / "metrics.json").read_text())
    recipe = read_recipe(run / "recipe.toml")
    held_out = RecipeImages(recipe, entry.parent / "dump").held_out
    assert 0 < len(held_out) < 16
    assert metrics["training"]["images"] == 16 - len(held_out)


def test_a_second_stage_draws_the_pictures_of_the_first_larger(conditional, stage_two):
    one, two = load(conditional[1]), load(conditional[1], stage=2)
    assert two.image_shape == (64, 64, 3)
    assert two.class_names["genre"] == ("portrait", "landscape")
    latents = one.draw_latents(2, seed=0)
    layer = two.sampling_generator.get_layer("stage_one")
    picture = keras.Model(two.sampling_generator.inputs, layer.output)
    seen = picture([latents, np.array([0, 1]), np.array([1, 1])]).numpy()
    labels = {"genre": ["portrait", "landscape"], "style": "Pop_Art"}
    np.testing.assert_allclose(two.image_range.to_user(seen), one.generate(latents, labels), 1e-5)


def test_the_second_stage_is_sampled_by_the_name_of_the_first(
    conditional, stage_two, tmp_path, monkeypatch
):
    out = tmp_path / "drawn.png"
    options = ["--stage", "2", "--label", "genre=portrait,style=Cubism", "--seed", "1"]
    arguments = ["sample", str(conditional[1]), *options, "--count", "2", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["kerasgan", *arguments])
    with contextlib.suppress(SystemExit):
        main()
    two = load(stage_two)
    expected = two.generate(2, {"genre": "portrait", "style": "Cubism"}, seed=1)
    with Image.open(out) as picture:
        drawn = np.asarray(picture)[:64, :64]
    assert np.abs(drawn - np.round(255 * expected[0])).max() <= 3  # As near as LiteRT draws.


def test_a_stage_that_is_not_there_is_a_clear_error(conditional):
    with pytest.raises(UserError, match=r"no stage 3 of .*gogh: .* gogh_stage3 beside it"):
        stage_name(conditional[1], 3)


def test_conditional_model_comes_back_from_its_entry_with_its_class_names(conditional):
    run, entry = conditional
    trained, loaded = load_run(run), load(entry)
    assert loaded.class_names == {
        "genre": ("landscape", "portrait"),
        "style": ("Cubism", "Pop_Art"),
    }
    asked = {"genre": ["portrait", "landscape"], "style": "Pop_Art"}
    np.testing.assert_array_equal(
        loaded.generate(2, asked, seed=1), trained.generate(2, asked, seed=1)
    )
    assert json.loads((entry / "metrics.json").read_text())["classes"]["style"][0] == "Cubism"
    last = (run / "log.jsonl").read_text().splitlines()[-1]
    assert 0 <= json.loads(last)["held_out_genre_accuracy"] <= 1


def test_saved_model_of_a_conditional_model_takes_labels_and_gives_logits(conditional):
    _, entry = conditional
    model, plain = load(entry), tf.saved_model.load(str(entry))
    latents, genres, styles = model.draw_latents(2, seed=0), np.int32([1, 0]), np.int32([0, 0])
    images = plain.generate(latents, genres, styles).numpy()
    expected = model.generate(latents, {"genre": genres, "style": styles})
    np.testing.assert_allclose(images, expected, atol=1e-6)
    outputs = plain.discriminate(images)
    assert {key: value.shape[1] for key, value in outputs.items()} == {
        "scores": 1,
        "genre": 2,
        "style": 2,
    }


@pytest.fixture
def sample(conditional, tmp_path, capsys, monkeypatch):
    """Calls `kerasgan sample`; gives its exit code, what it printed, and the picture's file."""

    def sample(*options):
        file = tmp_path / "picture.png"
        arguments = ["sample", str(conditional[1]), *options, "--out", str(file), "--seed", "1"]
        monkeypatch.setattr(sys, "argv", ["kerasgan", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, "".join(capsys.readouterr()), file

    return sample


def test_sample_draws_the_class_that_is_asked_for(conditional, sample):
    chosen = ["--label", "genre=portrait", "--label", "style=0", "--engine", "tensorflow"]
    code, printed, file = sample(*chosen, "--count", "3")
    assert code == 0
    assert str(file) in printed
    with Image.open(file) as picture:
        tiles = np.asarray(picture)
    drawn = np.stack([tiles[:, 34 * each : 34 * each + 32] for each in range(3)])
    model = load(conditional[1])

    def expected(genre):
        pictures = model.generate(3, {"genre": genre, "style": "Cubism"}, seed=1)
        return np.round(255 * pictures).astype(np.uint8)

    np.testing.assert_array_equal(drawn, expected("portrait"))
    assert np.any(drawn != expected("landscape"))


def test_sample_draws_a_row_of_each_class(sample):
    code, printed, file = sample("--label", "all", "--columns", "3")
    assert code == 0
    assert "Rows: landscape, portrait, " in printed
    with Image.open(file) as picture:
        assert picture.size == (3 * 34 - 2, 4 * 34 - 2)


def test_sample_wants_the_set_of_a_class(sample):
    code, printed, file = sample("--label", "portrait")
    assert code == 2
    assert "such as genre=portrait; the sets are genre, style. Received" in printed
    assert not file.exists()
