import json
import shutil
import types

import keras
import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.models import ACGAN, FastGAN, ProjectedGAN, VisionAidedFastGAN
from kerasgan.networks import (
    fastgan_decoder,
    fastgan_discriminator,
    projected_discriminator,
)
from kerasgan.recipes import read_recipe
from kerasgan.recipes.build import build_model
from kerasgan.training.model_paths import absolute_unless_name
from kerasgan.training.planner import plan
from kerasgan.training.resolved_run import resolve_run
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_loader import load_run
from kerasgan.training.trainer import train
from kerasgan.training.warm_start import WarmStart
from kerasgan.training.weight_transfer import transfer_weights
from kerasgan.zoo import exporter
from tests.tiny_recipe import RECIPE, eager_training, write_pictures

ONE = ("training.iterations=1", "training.checkpoint_every=1", "training.sample_every=9")
TWO = ("training.iterations=2", "training.checkpoint_every=9", "training.sample_every=9")
OTHER_SEED = "training.seed=9"

pytestmark = pytest.mark.usefixtures("without_graphs")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A run that others start from."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "tiny.toml").write_text(RECIPE)
    recipe = read_recipe(folder / "tiny.toml", ONE)
    with eager_training():
        train(recipe, folder / "run", data=write_pictures(folder / "pictures"))
    return folder / "run"


def weights(model, name):
    return [keras.ops.convert_to_numpy(weight) for weight in model.networks[name].weights]


def equal(one, other):
    return [np.array_equal(a, b) for a, b in zip(one, other, strict=True)]


def test_all_weights_of_a_run_are_taken(recipe, pictures, begun, tmp_path):
    other = recipe(OTHER_SEED, "training.precision=mixed_bfloat16")
    resolved = resolve_run(other, RunFolder(tmp_path / "new"), data=pictures, init=begun)
    assert "all weights fit" in resolved.init.summary()
    source = load_run(begun)
    for name in ("generator", "discriminator", "ema_generator"):
        assert all(equal(weights(resolved.model, name), weights(source, name)))


def test_classes_that_have_other_names_in_the_model_before_are_named(
    linear_generator, linear_discriminator, monkeypatch
):
    def model(genres, styles):
        names = {"genre": genres, "style": styles}
        classes = {name: len(each) for name, each in names.items()}
        networks = linear_generator(classes=classes), linear_discriminator(classes=classes)
        return ACGAN(*networks, image_range=(0, 1), class_names=names)

    source = model(("cats", "dogs"), ("ink", "oil", "oak"))
    monkeypatch.setattr("kerasgan.training.warm_start.open_trained_model", lambda name: source)
    for genres, said in (
        (("dogs", "owls"), True),
        (("dogs", "cats"), True),
        (("cats", "dogs"), False),
    ):
        start = WarmStart("runs/old").apply(model(genres, ("ink", "oil", "oak")))
        assert start.other_classes == ["genre"] * said
        assert ("the classes of genre have other names or another order" in start.summary()) == said


def test_what_is_random_and_constant_in_a_network_is_taken_with_what_was_trained_on_it(
    tiny_generator,
):
    def model(seed):
        options = {"image_size": 64, "base_width": 2, "feature_size": 64}
        discriminator = projected_discriminator(**options, projection_seed=seed)
        generator = tiny_generator(size=64, channels=3, activation="tanh")
        return ProjectedGAN(generator, discriminator)

    source, other = model(0), model(5)
    images = np.float32(np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3)))
    assert not np.allclose(source.discriminator(images), other.discriminator(images))
    assert transfer_weights(source, other) == {}
    np.testing.assert_array_equal(source.discriminator(images), other.discriminator(images))


def test_frozen_layers_stay_and_only_the_same_start_resumes(
    recipe, pictures, begun, tmp_path, same_state, monkeypatch
):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    start = {"data": pictures, "init": begun, "freeze_discriminator": 2}
    model = train(recipe(OTHER_SEED, *TWO), whole, **start).model
    frozen = sum(len(layer.weights) for layer in model.discriminator.layers if not layer.trainable)
    stayed = equal(weights(load_run(begun), "discriminator"), weights(model, "discriminator"))
    assert 0 < frozen < len(stayed)
    assert all(stayed[:frozen])
    assert not all(stayed[frozen:])

    train(recipe(OTHER_SEED, *ONE), parts, **start)
    train(recipe(OTHER_SEED, *TWO), parts, data=pictures)
    assert same_state(*(run / "checkpoint.weights.h5" for run in (whole, parts)))

    with pytest.raises(UserError, match=r"was started from .*, not from .*whole; leave out init"):
        train(recipe(OTHER_SEED, *TWO), parts, data=pictures, init=whole)
    with pytest.raises(UserError, match="started with 2 frozen layers"):
        plan(recipe(OTHER_SEED, *TWO), parts, data=pictures, freeze_discriminator=1)
    with pytest.raises(UserError, match="was started from new weights"):
        plan(recipe(*ONE), begun, data=pictures, init=begun)
    assert "all weights fit" in plan(recipe(OTHER_SEED, *TWO), parts, **start)

    def write(_, folder, trained, **options):
        assert all(layer.trainable for layer in trained.discriminator.layers)
        raise UserError("An entry of it trains on as a whole")

    monkeypatch.setattr(exporter, "write_saved_model", write)
    with pytest.raises(UserError, match="trains on as a whole"):
        exporter.export(parts, tmp_path / "entry")

    file = parts / "run.json"
    description = json.loads(file.read_text())
    assert description["init"]["origin"] == str(begun)
    description["init"]["fingerprint"] = "of weights that were there before"
    file.write_text(json.dumps(description))
    for checkpoint in parts.glob("checkpoint*"):
        checkpoint.unlink()  # as if it had been killed before its first one
    with pytest.raises(UserError, match="has changed since"):
        plan(recipe(OTHER_SEED, *TWO), parts, data=pictures)


def test_a_run_is_resumed_from_anywhere_and_without_the_model_that_it_began_from(
    recipe, pictures, begun, tmp_path, monkeypatch
):
    monkeypatch.chdir(shutil.copytree(begun, tmp_path / "here" / "begun").parent)
    train(recipe(OTHER_SEED, *ONE), tmp_path / "on", data=pictures, init="begun")
    description = json.loads((tmp_path / "on" / "run.json").read_text())
    assert description["init"]["origin"] == str(tmp_path / "here" / "begun")
    monkeypatch.chdir(tmp_path)
    start = {"data": pictures, "init": "here/begun"}
    assert "resumed at iteration 1" in plan(recipe(OTHER_SEED, *TWO), "on", **start)

    shutil.rmtree(tmp_path / "here")
    assert train(recipe(OTHER_SEED, *TWO), "on", **start).iterations == 2
    description["data"]["path"] = str(tmp_path / "before_it_was_moved")
    (tmp_path / "on" / "run.json").write_text(json.dumps(description))
    for again in (train, plan):
        with pytest.raises(
            UserError, match=r"no longer in .*/before_it_was_moved; .*pass data=PATH"
        ):
            again(recipe(OTHER_SEED, *TWO), "on")
    with pytest.raises(UserError, match="elsewhere"):
        train(recipe(OTHER_SEED, *TWO), "on", data=pictures, init="elsewhere")


def test_layers_that_do_not_fit_are_named_and_left_fresh(recipe, pictures, begun, tmp_path):
    other = recipe(
        "data.image_size=64",
        "generator.image_size=64",
        "generator.latent_dim=5",
        "discriminator.image_size=64",
    )
    start = {"data": pictures, "init": begun, "freeze_discriminator": 3}
    with pytest.raises(UserError, match=r"cannot stay as it is.*or train at its size, 32x32"):
        resolve_run(other, RunFolder(tmp_path / "new"), **start)
    resolved = resolve_run(other, RunFolder(tmp_path / "new"), data=pictures, init=begun)
    fresh, untouched, source = resolved.init.fresh, build_model(other), load_run(begun)
    new = [each for each in resolved.model.generator.layers if each.name in fresh["generator"]]
    sizes = [sum(x.size for x in each.get_weights()) for each in new]
    part = 1 - sum(sizes) / sum(x.size for x in resolved.model.generator.get_weights())
    assert f"of the generator, of which {part:.0%} of the parameters" in resolved.init.summary()
    for name in ("generator", "discriminator"):
        taken = [weight.tobytes() for weight in weights(source, name)]
        layers = resolved.model.networks[name].layers
        assert 0 < len(fresh[name]) < len([layer for layer in layers if layer.weights])
        for layer, first in zip(layers, untouched.networks[name].layers, strict=True):
            assert (layer.name in fresh[name]) <= (layer.name in resolved.init.summary())
            for weight, begins in zip(layer.get_weights(), first.get_weights(), strict=True):
                expected = [begins.tobytes()] if layer.name in fresh[name] else taken
                assert weight.tobytes() in expected


def test_a_shipped_name_is_no_folder_without_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("pokemon_wgan", "fastgan"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").touch()
    assert absolute_unless_name("pokemon_wgan") == "pokemon_wgan"
    assert absolute_unless_name("./pokemon_wgan") == str(tmp_path / "pokemon_wgan")
    assert absolute_unless_name("fastgan") == str(tmp_path / "fastgan")
    assert absolute_unless_name("hf://me/mine") == "hf://me/mine"


def test_normalizations_that_happen_to_fit_are_no_start():
    source = keras.Sequential([keras.Input((3,)), keras.layers.BatchNormalization()])
    network = keras.Sequential(
        [keras.Input((3,)), keras.layers.BatchNormalization(), keras.layers.Dense(100)]
    )
    before = network.get_weights()
    source.layers[0].set_weights([np.full(3, 7.0)] * 4)

    def game(generator):
        return types.SimpleNamespace(networks={"generator": generator})

    assert transfer_weights(game(source), game(network)) == {"generator": []}
    assert all(map(np.array_equal, network.get_weights(), before))


def test_a_fixed_network_that_fits_is_no_start_where_nothing_trained_does(
    tiny_generator, monkeypatch
):
    def model(base_width):
        discriminator = projected_discriminator(
            image_size=64, base_width=base_width, feature_size=64
        )
        return ProjectedGAN(tiny_generator(size=64, channels=3, activation="tanh"), discriminator)

    monkeypatch.setattr("kerasgan.training.warm_start.open_trained_model", lambda name: model(2))
    with pytest.raises(UserError, match=r"The discriminator .*hardly a weight .*same networks"):
        WarmStart("runs/old").apply(model(6))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"freeze_discriminator": 1}, "pass init= too"),
        ({"init": "any", "freeze_discriminator": True}, "must be an integer .*=True"),
        ({"init": "pokemon_wgna"}, "pokemon_wgan"),
        ({"init": "pokemon_wgan"}, "The generator of pokemon_wgan, .* hardly a weight"),
        ({"init": "any", "freeze_discriminator": 99}, "count must be at least 0 and below"),
    ],
)
def test_an_impossible_start_leaves_no_run_behind(recipe, pictures, tmp_path, arguments, message):
    with pytest.raises(UserError, match=message):
        train(recipe(*ONE), tmp_path / "run", data=pictures, **arguments)
    assert not (tmp_path / "run" / "run.json").exists()


def test_a_projected_discriminator_goes_on_beside_a_new_one(tiny_generator):
    tiny = {"image_size": 64, "base_width": 2}

    def generator():
        return tiny_generator(size=64, channels=3, activation="tanh")

    def projected(seed):
        return projected_discriminator(**tiny, feature_size=64, projection_seed=seed)

    source = ProjectedGAN(generator(), projected(0))
    model = VisionAidedFastGAN(
        generator(), fastgan_discriminator(**tiny), fastgan_decoder(base_width=2), projected(5)
    )
    before = model.discriminator.get_weights()
    assert transfer_weights(source, model) == {"discriminator": [], "decoder": []}
    for name, other in (("generator", "generator"), ("projected_discriminator", "discriminator")):
        assert all(equal(weights(model, name), weights(source, other)))
    assert all(map(np.array_equal, model.discriminator.get_weights(), before))


def test_a_discriminator_of_another_kind_begins_as_in_a_new_training(tiny_generator, monkeypatch):
    tiny = {"image_size": 64, "base_width": 2}
    generator = tiny_generator(size=64, channels=3, activation="tanh")
    source = FastGAN(generator, fastgan_discriminator(**tiny), fastgan_decoder(base_width=2))
    model = ProjectedGAN(
        tiny_generator(size=64, channels=3, activation="tanh"),
        projected_discriminator(**tiny, feature_size=64),
    )
    before = model.discriminator.get_weights()
    monkeypatch.setattr("kerasgan.training.warm_start.open_trained_model", lambda name: source)
    started = WarmStart("runs/old").apply(model)
    assert started.fresh == {"discriminator": []}
    assert "the discriminator of this recipe begins as in a new training" in started.summary()
    assert all(equal(weights(model, "generator"), weights(source, "generator")))
    assert all(map(np.array_equal, model.discriminator.get_weights(), before))

    model = FastGAN(
        generator,
        fastgan_discriminator(image_size=64, base_width=6),
        fastgan_decoder(base_width=6),
    )
    with pytest.raises(UserError, match=r"The discriminator .*hardly a weight .*same networks"):
        WarmStart("runs/old").apply(model)


def test_a_new_discriminator_has_no_layers_to_freeze(tiny_generator, monkeypatch):
    tiny = {"image_size": 64, "base_width": 2}
    networks = tiny_generator(size=64, channels=3, activation="tanh"), fastgan_discriminator(**tiny)
    seen = projected_discriminator(**tiny, feature_size=64)
    model = VisionAidedFastGAN(*networks, fastgan_decoder(base_width=2), seen)
    source = ProjectedGAN(networks[0], seen)
    monkeypatch.setattr("kerasgan.training.warm_start.open_trained_model", lambda name: source)
    summary = WarmStart("runs/old").apply(model).summary()
    assert "the discriminator and the decoder of this recipe begin as in a new training" in summary
    with pytest.raises(UserError, match=r"cannot stay as it is.*leave out freeze_discriminator="):
        WarmStart("runs/old", freeze_discriminator=1).apply(model)
