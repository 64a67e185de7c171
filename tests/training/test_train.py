import importlib.util
import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import TrainingDiverged, UserError
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.training.callbacks import Checkpoint
from kerasgan.training.planner import plan
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_loader import load_run
from kerasgan.training.trainer import train
from tests.tiny_recipe import eager_training

SAMPLES = ["000000.png", "000002.png", "000004.png"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def run(tmp_path):
    return tmp_path / "run"


def test_training_leaves_a_run_folder_that_tells_all(recipe, recipe_file, pictures, run):
    text = recipe_file.read_text()
    training = train(recipe(), run, data=pictures, recipe_text=text)
    assert (training.iterations, training.interrupted) == (4, False)
    assert int(training.model.batches_seen) == 8

    expected = ["checkpoint.previous.weights.h5", "checkpoint.weights.h5"]
    expected += ["log.jsonl", "progress.webp", "recipe.toml", "run.json", "samples"]
    if importlib.util.find_spec("tensorboard") is not None:
        expected.append("tensorboard")
    assert names(run) == expected
    assert (run / "recipe.toml").read_text() == text
    description = json.loads((run / "run.json").read_text())
    assert (description["data"]["images"], description["data"]["skipped"]) == (12, [])

    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [line["iteration"] for line in lines] == [1, 2, 3, 4]
    assert lines[0].keys() >= {"generator_loss", "critic_loss", "wasserstein_distance", "seconds"}
    seconds = [line["seconds"] for line in lines]
    assert seconds == sorted(seconds)
    for line in lines:
        assert line["wasserstein_distance"] == -line["critic_loss"]

    assert names(run / "samples") == SAMPLES
    pixels = np.asarray(Image.open(run / "samples" / SAMPLES[2]))
    # Three rows of eight 32x32 images, two pixels apart, of which the first is the model's own.
    assert pixels.shape == (3 * 34 - 2, 8 * 34 - 2, 3)
    first = training.model.generate(32, seed=20)[0]
    np.testing.assert_allclose(pixels[:32, :32] / 255, first, atol=0.5001 / 255)

    with Image.open(run / "progress.webp") as animation:
        assert animation.size == (8 * 34 - 2, 3 * 34 - 2)

    loaded = load_run(run)
    for one, other in zip(loaded.get_weights(), training.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.usefixtures("without_graphs")
def test_what_a_callback_of_the_user_adds_to_the_logs_is_in_the_log_of_the_run(
    recipe, pictures, run
):
    class Counted(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            logs["batches"] = batch + 1

        def on_epoch_end(self, epoch, logs=None):
            self.last = logs

    counted = Counted()
    train(recipe(), run, data=pictures, callbacks=[counted])
    lines = RunFolder(run).log()
    assert [line["batches"] for line in lines] == [2, 4, 6, 8]
    for name in ("critic_loss", "generator_loss"):
        assert counted.last[name] == pytest.approx(lines[-1][name])


def test_an_animation_that_a_killed_process_did_not_come_to_is_made_up_for(
    recipe, pictures, trained, run
):
    shutil.copytree(trained(eagerly=True), run)
    before = (run / "progress.webp").read_bytes()
    (run / "progress.webp").unlink()
    train(recipe(), run, data=pictures)
    assert (run / "progress.webp").read_bytes() == before


@pytest.mark.usefixtures("without_graphs")
def test_log_lines_are_means_of_their_interval_alone(recipe, pictures, tmp_path):
    rare = ("training.checkpoint_every=9", "training.sample_every=9")
    train(recipe(*rare), tmp_path / "fine", data=pictures)
    train(recipe(*rare, "training.log_every=2"), tmp_path / "coarse", data=pictures)
    fine, coarse = (
        [json.loads(line) for line in (tmp_path / name / "log.jsonl").read_text().splitlines()]
        for name in ("fine", "coarse")
    )
    assert [line["iteration"] for line in coarse] == [2, 4]
    for name in ("critic_loss", "generator_loss"):
        means = np.reshape([line[name] for line in fine], (2, 2)).mean(axis=1)
        np.testing.assert_allclose([line[name] for line in coarse], means, rtol=1e-4, atol=1e-9)


@pytest.mark.usefixtures("without_graphs")
def test_finished_training_may_be_prolonged_and_equals_one_of_that_length(
    recipe, pictures, trained, tmp_path, same_state
):
    train(recipe("training.iterations=2"), tmp_path / "parts", data=pictures)
    leftover = tmp_path / "parts" / "checkpoint-000000099999-partial.weights.h5"
    leftover.write_bytes(b"of a process that was killed while it wrote")
    again = train(recipe("training.iterations=2"), tmp_path / "parts", data=pictures)
    assert (again.iterations, again.interrupted) == (2, False)
    assert not leftover.exists()
    longer = train(recipe(), tmp_path / "parts", data=pictures)
    assert longer.iterations == 4
    folders = trained(eagerly=True), tmp_path / "parts"
    assert same_state(*(folder / "checkpoint.weights.h5" for folder in folders))
    assert len((tmp_path / "parts" / "log.jsonl").read_text().splitlines()) == 4


def test_changed_recipe_or_data_or_checkpoint_cannot_resume(
    recipe, pictures, other_pictures, trained, run, tmp_path
):
    short = "training.iterations=1"
    shutil.copytree(trained(short, eagerly=True), run)
    checkpoint = run / "checkpoint.weights.h5"
    before = checkpoint.read_bytes()

    with pytest.raises(UserError, match=r"\(training\.seed: 3 -> 4\)"):
        train(recipe(short, "training.seed=4"), run, data=pictures)
    with pytest.raises(UserError, match=r"\(12 images in .*pictures\)"):
        train(recipe(short), run, data=other_pictures)
    assert checkpoint.read_bytes() == before

    adam = "training.discriminator_optimizer={optimizer = 'Adam'}"
    with eager_training():
        train(recipe(short, "generator.width=8"), tmp_path / "wide", data=pictures)
        train(recipe(short, adam), tmp_path / "adam", data=pictures)
    for other in ("wide", "adam"):
        content = (tmp_path / other / checkpoint.name).read_bytes()
        checkpoint.write_bytes(content)
        with pytest.raises(UserError, match=r"checkpoint\.weights\.h5 "):
            train(recipe("training.iterations=2"), run, data=pictures)
        assert checkpoint.read_bytes() == content


def test_a_run_that_lost_its_checkpoints_does_not_begin_anew(recipe, pictures, trained, run):
    shutil.copytree(trained(eagerly=True), run)
    for checkpoint in run.glob("checkpoint*"):
        checkpoint.unlink()
    log = (run / "log.jsonl").read_bytes()
    with pytest.raises(UserError, match=r"up to iteration 4 but no checkpoint: put"):
        train(recipe(), run, data=pictures)
    assert (run / "log.jsonl").read_bytes() == log


def test_a_run_among_the_pictures_is_refused_because_it_would_add_to_them(recipe, pictures):
    with pytest.raises(UserError, match=r"run lies in .*pictures, whose pictures it trains on"):
        train(recipe(), pictures / "runs" / "run", data=pictures)
    assert not (pictures / "runs").exists()


def test_classes_left_to_the_data_stay_those_that_the_run_began_with(recipe, run):
    labels = "data.labels=['genre']"
    begun = recipe(labels, "data.classes={genre=['landscape', 'portrait']}")
    data = {"path": "a", "images": 12, "fingerprint": "b"}
    RunFolder(run).create(begun, begun.as_toml(), data)
    assert resolve_recipe(recipe(labels), RunFolder(run)) == begun
    with pytest.raises(UserError, match=r"\(data\.classes\.genre: "):
        resolve_recipe(recipe(labels, "data.classes={genre=['portrait']}"), RunFolder(run))


def test_plan_refuses_to_resume_what_training_would_refuse(recipe, pictures, run):
    data = {"path": "a", "images": 12, "fingerprint": "b"}
    RunFolder(run).create(recipe(), recipe().as_toml(), data)
    with pytest.raises(UserError, match=r"\(training\.seed: 3 -> 4\)"):
        plan(recipe("training.seed=4"), run, data=pictures)
    with pytest.raises(UserError, match=r"\(12 images in a\)"):
        plan(recipe(), run, data=pictures)


@pytest.mark.usefixtures("without_graphs")
def test_precision_that_the_processor_emulates_is_told_in_a_plan_and_at_the_start(
    recipe, pictures, run, monkeypatch, capsys
):
    monkeypatch.setattr("kerasgan.precision.resolve_precision", lambda *_: "float32")
    slow = recipe("training.precision=mixed_bfloat16", "training.iterations=1")
    assert "emulates mixed_bfloat16" in plan(slow, run, data=pictures)
    train(slow, run, data=pictures, progress=True)
    assert "emulates mixed_bfloat16" in capsys.readouterr().err
    assert "emulates" not in plan(recipe(), run.with_name("other"), data=pictures)


@pytest.mark.usefixtures("without_graphs")
def test_exploding_training_stops_and_its_last_checkpoint_is_sound(recipe, pictures, run):
    # The rate explodes in the generator's fourth update, after two checkpoints.
    rates = "{schedule='PiecewiseConstantDecay', boundaries=[2], values=[1e-3, 1e30]}"
    exploding = recipe(
        f"training.generator_optimizer.learning_rate={rates}",
        "training.iterations=50",
        "training.checkpoint_every=1",
    )
    for _ in range(2):
        # The same command goes on from the checkpoint and comes to the same end.
        with pytest.raises(TrainingDiverged, match="learning rates") as error:
            train(exploding, run, data=pictures)
        assert f"kept in {run / 'checkpoint.weights.h5'}" in str(error.value)
        model = load_run(run)
        assert int(model.batches_seen) == 6
        for weight in model.get_weights():
            assert np.abs(weight).max() < 100


@pytest.mark.usefixtures("without_graphs")
def test_training_that_explodes_before_its_first_checkpoint_says_so(recipe, pictures, run):
    rate = "training.discriminator_optimizer.learning_rate=1e30"
    hopeless = recipe(rate, "model.clip_value=1e30", "training.iterations=9")
    with pytest.raises(TrainingDiverged, match="not yet written"):
        train(hopeless, run, data=pictures)
    assert not (run / "checkpoint.weights.h5").exists()


def test_training_without_data_shows_the_recipes_help(recipe, run):
    with pytest.raises(UserError, match=r"data=.* Draw some squares\.$"):
        train(recipe(), run)
    assert not run.exists()


def test_path_of_the_recipe_is_the_default_and_data_comes_before_it(recipe, pictures):
    assert len(RecipeImages(recipe(f"data.path={pictures}")).all) == 12
    assert len(RecipeImages(recipe("data.path=nowhere"), pictures).all) == 12
    with pytest.raises(UserError, match="nowhere"):
        _ = RecipeImages(recipe("data.path=nowhere")).all


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.batch_size=13", r"batch_size is 13, .*only 12 readable.*batch_size=12"),
        ("data.augmentation.shift=1.5", r"shift must be .*1\.5"),
        ("data.source=imagse", "imagse"),
        ("data.fit=stretch", "stretch"),
        ("data.background=blueish", "blueish"),
    ],
)
def test_mistake_in_the_recipe_leaves_no_run_behind(recipe, pictures, run, override, message):
    with pytest.raises(UserError, match=message):
        train(recipe(override), run, data=pictures)
    assert not run.exists()


def test_unwritable_run_folder_is_named_before_the_data_is_read(recipe, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file/run: .* file"):
        train(recipe(), tmp_path / "file" / "run", data=tmp_path / "nowhere")


def test_foreign_folder_is_refused_and_left_alone(recipe, pictures, run):
    run.mkdir()
    (run / "thesis.txt").touch()
    with pytest.raises(UserError, match=r"thesis\.txt"):
        train(recipe(), run, data=pictures)
    assert names(run) == ["thesis.txt"]


@pytest.mark.usefixtures("without_graphs")
def test_checkpoint_is_the_last_to_act_in_an_iteration(recipe, pictures, run, monkeypatch):
    seen = []

    def save(self):
        lines = (run / "log.jsonl").read_text().splitlines()
        seen.append((json.loads(lines[-1])["iteration"], len(names(run / "samples"))))

    monkeypatch.setattr(Checkpoint, "save", save)
    train(recipe("training.iterations=2"), run, data=pictures)
    # Once in the iteration, once for the end.
    assert seen == [(2, 2), (2, 2)]
