import json
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.training import load_run, train
from kerasgan.training.callbacks import Evaluate
from kerasgan.zoo.loader import open_model
from tests.random_seed import seed_keras
from tests.tiny_recipe import WITHOUT_LITERT

pytestmark = pytest.mark.usefixtures("without_graphs")
MEASURED = ("training.evaluate_every=2", "training.iterations=6")


@pytest.fixture(scope="module")
def many_pictures(tmp_path_factory):
    """A hundred pictures, the least that can be measured."""
    folder = tmp_path_factory.mktemp("many") / "pictures"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(100):
        pixels = random.integers(0, 256, (32, 32, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03d}.png")
    return folder


@pytest.fixture(autouse=True)
def small_features(monkeypatch):
    """A small network of random weights stands for the pretrained one."""
    seed_keras(3)
    images = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(6, 3, strides=2, activation="relu")(images)
    network = keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))
    ours = Evaluate.__init__

    def with_small_features(self, *arguments, **options):
        ours(self, *arguments, **{**options, "features": network})

    monkeypatch.setattr(Evaluate, "__init__", with_small_features)


@pytest.fixture
def measured(recipe, many_pictures):
    """The folder of the measured training, which the first test makes and the others read."""
    folder = many_pictures.parent / "measured"
    if not folder.exists():
        train(recipe(*MEASURED), folder, data=many_pictures)
    return folder


def lines_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def events_of(run, name):
    """The values of a metric in TensorBoard's events, as TensorBoard itself reads them."""
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    read = accumulator.EventAccumulator(str(run / "tensorboard"))
    read.Reload()
    return {each.step: tf.make_ndarray(each.tensor_proto).item() for each in read.Tensors(name)}


def test_a_measured_training_logs_measures_and_keeps_the_best_weights(
    measured, tmp_path, monkeypatch
):
    run = measured
    lines = [line for line in lines_of(run) if "frechet_distance" in line]
    assert [line["iteration"] for line in lines] == [2, 4, 6]
    assert all(line.keys() >= {"frechet_ratio", "precision", "recall"} for line in lines)
    assert (run / "best.weights.h5").is_file()
    assert (run / "progress.png").is_file()
    assert events_of(run, "frechet_distance") == {
        line["iteration"]: pytest.approx(line["frechet_distance"]) for line in lines
    }

    best = min(lines, key=lambda line: line["frechet_distance"])
    model = load_run(run, best=True)
    assert int(model.batches_seen) == best["iteration"] * model.n_critic
    monkeypatch.setattr(*WITHOUT_LITERT)
    entry = zoo.export(run, tmp_path / "entry", best=True)
    np.testing.assert_array_equal(
        zoo.load(entry).generate(2, seed=0), open_model(run, best=True).generate(2, seed=0)
    )
    assert (entry / "learning_curve.png").is_file()
    assert "learning_curve.png" in (entry / "README.md").read_text()
    metrics = json.loads((entry / "metrics.json").read_text())
    assert metrics["training"]["iterations"] == best["iteration"]


def test_measuring_changes_no_bit_and_a_resumed_training_measures_the_same(
    recipe, measured, many_pictures, tmp_path, same_state
):
    train(recipe("training.iterations=6"), tmp_path / "plain", data=many_pictures)
    half = recipe(*MEASURED, "training.iterations=4")
    train(half, tmp_path / "resumed", data=many_pictures)
    train(recipe(*MEASURED), tmp_path / "resumed", data=many_pictures)
    checkpoint = "checkpoint.weights.h5"
    assert same_state(measured / checkpoint, tmp_path / "plain" / checkpoint)
    assert same_state(measured / checkpoint, tmp_path / "resumed" / checkpoint)
    timeless = [
        [
            {
                key: value
                for key, value in line.items()
                if key not in ("seconds", "images_per_second")
            }
            for line in lines_of(run)
        ]
        for run in (measured, tmp_path / "resumed")
    ]
    assert timeless[0] == timeless[1]


def test_too_few_images_to_measure_are_one_line_and_training_goes_on(
    recipe, pictures, tmp_path, capsys, monkeypatch
):
    # Nor is matplotlib there, which is of the same extra.
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    train(recipe("training.evaluate_every=2"), tmp_path / "run", data=pictures)
    printed = capsys.readouterr().err
    assert printed.count("The training is not measured: there must be at least 100") == 1
    assert printed.count("progress.png is not drawn: Learning curves need matplotlib") == 1
    assert not (tmp_path / "run" / "best.weights.h5").exists()
    with pytest.raises(UserError, match="no best weights yet: it is measured every 2 iterations"):
        load_run(tmp_path / "run", best=True)


def test_only_runs_have_best_weights():
    with pytest.raises(UserError, match="Received: pokemon_wgan"):
        open_model("pokemon_wgan", best=True)


def test_an_interval_that_is_no_multiple_of_the_logs_is_refused(recipe):
    with pytest.raises(UserError, match=r"evaluate_every .*log_every, 2.* 3"):
        recipe("training.log_every=2", "training.evaluate_every=3")
