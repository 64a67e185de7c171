import json
import math
import os
import signal
import tomllib
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from comparison.contestant import DATA_SETS, OBJECTIVES, Contestant, contestants
from comparison.cost import measure_costs
from comparison.page import page
from comparison.publish import publish, write_page
from comparison.results import results
from comparison.runs import Interrupted, in_process, train_run
from comparison.study import Study
from kerasgan.errors import UserError
from kerasgan.recipes import build_model
from kerasgan.training.callbacks import Evaluate
from tests.tiny_recipe import RECIPE, eager_training

RATES = (1e-4, 1e-3)
NAMES = ("GAN", "WGAN")


def tiny():
    table = tomllib.loads(RECIPE)
    training = table["training"]
    shared = {key: table[key] for key in ("data", "generator", "discriminator")}
    shared["model"] = {"ema_decay": 0.9}
    shared["training"] = {
        "batch_size": 4,
        "precision": "float32",
        "optimizer": {"optimizer": training["generator_optimizer"]["optimizer"]},
    }
    return contestants({"tiny": shared}, {"GAN": {"n_critic": 1}, "WGAN": {"n_critic": 2}})


def study(folder, *, names=NAMES, data=None, rates=RATES, seeds=1, points=2, **minutes):
    minutes = {"minutes": 12, "search_minutes": 5, **minutes}
    return Study(
        folder,
        [each for each in tiny() if each.objective in names],
        {"tiny": data},
        rates=rates,
        seeds=seeds,
        points=points,
        **minutes,
    )


def write_costs(folder, seconds=60.0):
    """A minute of two cores for each iteration."""
    folder.mkdir(parents=True, exist_ok=True)
    costs = {name: {"seconds": seconds, "clock": seconds} for name in NAMES}
    reference = {
        "count": 60,
        "real_images": 120,
        "features": "some",
        "feature_image_size": 8,
        "floor": {"frechet_distance": 2.0},
    }
    found = {"tiny": {"costs": costs, "reference": reference, "precision": "float32"}}
    (folder / "costs.json").write_text(json.dumps(found))


def log_line(iteration, ratio):
    line = {"iteration": iteration, "seconds": 0.0}
    line |= {"frechet_distance": 2 * ratio, "frechet_ratio": ratio}
    line |= {"precision": 0.5, "recall": 0.25, "coverage": 0.75}
    return json.dumps(line) + "\n"


def pretend(ratios, trained, *, stop_at=None, diverge=()):
    """Stands for a training: writes a log whose distances fall as 1 / iteration from `ratios`."""

    def launch(recipe, folder, data):
        trained.append((folder.name, recipe.training.iterations))
        rate = recipe.training.generator_optimizer["learning_rate"]
        if folder.name == stop_at:
            raise Interrupted
        folder.mkdir(parents=True, exist_ok=True)
        if folder.name in diverge:
            (folder / "diverged.json").write_text('{"reason": "a loss became nan; no more"}')
            return
        ratio = ratios[recipe.model["objective"], rate] / recipe.training.iterations
        with (folder / "log.jsonl").open("a") as log:
            log.write(log_line(recipe.training.iterations, ratio))

    return launch


RATIOS = {("GAN", 1e-4): 60, ("GAN", 1e-3): 120, ("WGAN", 1e-4): 90, ("WGAN", 1e-3): 30}


def test_recipes_differ_in_nothing_but_what_is_the_objectives_own():
    own = {"model.objective", *(f"model.{key}" for each in OBJECTIVES.values() for key in each)}
    for data in DATA_SETS:
        first, *others = [
            each.recipe(1e-3) for each in contestants({data: DATA_SETS[data]}, OBJECTIVES)
        ]
        for other in others:
            changed = {line.partition(":")[0] for line in first.differences(other)}
            assert "model.objective" in changed
            assert changed <= own


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_recipes_build_with_two_optimizers_of_the_same_rate(objective):
    shared = json.loads(json.dumps(DATA_SETS["mnist"]))
    shared["generator"]["base_width"] = shared["discriminator"]["base_width"] = 2
    recipe = Contestant("mnist", objective, shared, OBJECTIVES[objective]).recipe(3e-4)
    model = build_model(recipe)
    assert type(model).__name__ == objective
    assert model.image_shape == (28, 28, 1)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(3e-4)


def test_searches_come_first_and_the_best_rate_goes_on_seed_by_seed(tmp_path):
    write_costs(tmp_path)
    trained = []
    study(tmp_path, seeds=2).train(pretend(RATIOS, trained))
    assert trained == [
        ("tiny-GAN-0.0001-0", 5),
        ("tiny-GAN-0.001-0", 5),
        ("tiny-WGAN-0.0001-0", 5),
        ("tiny-WGAN-0.001-0", 5),
        ("tiny-GAN-0.0001-0", 12),
        ("tiny-WGAN-0.001-0", 12),
        ("tiny-GAN-0.0001-1", 12),
        ("tiny-WGAN-0.001-1", 12),
    ]


def test_what_is_finished_stays_and_what_was_interrupted_goes_on(tmp_path):
    write_costs(tmp_path)
    trained = []
    with pytest.raises(Interrupted):
        study(tmp_path).train(pretend(RATIOS, trained, stop_at="tiny-WGAN-0.001-0"))
    assert len(trained) == 4
    trained.clear()
    study(tmp_path).train(pretend(RATIOS, trained))
    assert trained[0] == ("tiny-WGAN-0.001-0", 5)
    assert len(trained) == 3
    trained.clear()
    study(tmp_path).train(pretend(RATIOS, trained))
    assert trained == []
    study(tmp_path, minutes=24).train(pretend(RATIOS, trained))
    assert trained == [("tiny-GAN-0.0001-0", 24), ("tiny-WGAN-0.001-0", 24)]


def curved(curves, trained):
    """Stands for a training: its log has the distances that `curves` has for its rate."""

    def launch(recipe, folder, data):
        rate = recipe.training.generator_optimizer["learning_rate"]
        iterations = recipe.training.iterations
        trained.append((rate, recipe.training.seed, iterations))
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(curves[rate], str) and iterations > 5:
            (folder / "diverged.json").write_text(json.dumps({"reason": curves[rate]}))
            return
        ratios = [2.0] if isinstance(curves[rate], str) else curves[rate]
        points = zip((5, 6, 12), ratios, strict=False)
        lines = [log_line(at, ratio) for at, ratio in points if at <= iterations]
        (folder / "log.jsonl").write_text("".join(lines))

    return launch


@pytest.mark.parametrize(
    ("curves", "tried", "counts", "note"),
    [
        pytest.param(
            {1e-4: [9, 8, 1], 1e-3: [4, 3, 2.5], 1e-2: [3, 2.9, 2.8]},
            [1e-2],
            1e-2,
            None,
            id="still better in its second half",
        ),
        pytest.param(
            {1e-4: [9, 8, 1], 1e-3: [4, 3, 2.5], 1e-2: [3, 3.1, 3.2]},
            [1e-2, 1e-3],
            1e-3,
            "GAN: a run with a rate of 0.01 was at its best, 3.00, at minute 5.0, and ended at 3.2",
            id="at its best in its first half",
        ),
        pytest.param(
            {1e-4: [9, 8, 1], 1e-3: [4, 3, 2.5], 1e-2: [3, 3.1, 2.99]},
            [1e-2, 1e-3],
            1e-3,
            "GAN: a run with a rate of 0.01 was at its best, 2.99, at minute 12.0, and ended at 2.",
            id="a game that is over",
        ),
        pytest.param(
            {1e-4: [9, 8, 7], 1e-3: [4, 3, 5], 1e-2: [3, 2.9, 3.2]},
            [1e-2, 1e-3],
            1e-2,
            "GAN: a run with a rate of 0.001 was at its best, 3.00, at minute 6.0, and ended at 5.",
            id="the lower one ended farther away",
        ),
        pytest.param(
            {1e-4: [9, 8, 1], 1e-3: [4, 3, 2.5], 1e-2: "a loss became nan; no more"},
            [1e-2, 1e-3],
            1e-3,
            "GAN: a run with a rate of 0.01 was at its best, 2.00, at minute 5.0, and diverged",
            id="diverged",
        ),
    ],
)
def test_a_rate_that_was_too_high_for_a_whole_run_is_followed_by_the_next_lower_one(
    tmp_path, curves, tried, counts, note
):
    write_costs(tmp_path)
    trained = []
    compared = study(tmp_path, names=["GAN"], rates=(1e-4, 1e-3, 1e-2), seeds=2)
    compared.train(curved(curves, trained))
    assert trained[3:] == [(rate, 0, 12) for rate in tried] + [(counts, 1, 12)]
    text = page(results(compared), pictures=lambda path: False)
    assert f"| {counts:g} | 12 | 0 | 2 |" in text
    assert ("GAN: a run with" in text) == (note is not None)
    assert note is None or note in text
    trained.clear()
    compared.train(curved(curves, trained))
    assert trained == []


def test_iterations_are_as_many_as_cost_the_minutes(tmp_path):
    write_costs(tmp_path, seconds=0.5)
    (gan, _) = (compared := study(tmp_path, points=12)).contestants
    assert compared.iterations(gan) == 12 * 60 / 0.5
    assert [run.iterations for run in compared.searches(gan)] == [600, 600]


def test_what_is_not_trained_now_stays_on_the_page(tmp_path):
    write_costs(tmp_path)
    study(tmp_path).train(pretend(RATIOS, []))
    trained = []
    compared = study(tmp_path)
    compared.chosen = compared.contestants[:1]
    compared.minutes = 24
    compared.train(pretend(RATIOS, trained))
    assert trained == [("tiny-GAN-0.0001-0", 24)]
    assert [*results(compared)["tiny"]["objectives"]] == ["GAN", "WGAN"]


def test_a_rate_that_diverges_is_worse_than_any_other(tmp_path):
    write_costs(tmp_path)
    compared = study(tmp_path, names=["GAN"])
    compared.train(pretend(RATIOS, [], diverge=["tiny-GAN-0.0001-0"]))
    assert compared.best_rate(compared.contestants[0]) == 1e-3
    text = page(results(compared), pictures=lambda path: False)
    assert "| GAN | diverged | **24.00** |" in text


def test_the_page_says_what_the_results_are_and_what_is_missing(tmp_path):
    write_costs(tmp_path)
    compared = study(tmp_path, seeds=2)
    # The second seed of the WGAN is cut short.
    with pytest.raises(Interrupted):
        compared.train(pretend(RATIOS, [], stop_at="tiny-WGAN-0.001-1"))
    publish(compared, tmp_path / "docs")
    found = json.loads((tmp_path / "docs" / "objectives.json").read_text())
    assert found == json.loads(json.dumps(results(compared)))
    text = (tmp_path / "docs" / "objectives.md").read_text()
    gan, wgan = "5.00 (5.00 to 5.00)", "2.50"
    measures = "0.50 (0.50 to 0.50) | 0.25 (0.25 to 0.25) | 0.75 (0.75 to 0.75)"
    low = "5.00 at minute 12.0"
    assert f"| GAN | {gan} | {low} | {measures} | 0.0001 | 12 | 0 | 2 |" in text
    row = f"| WGAN | {wgan} | 2.50 at minute 12.0 | 0.50 | 0.25 | 0.75 | 0.001 | 12 | 0 | 1 |"
    assert row in text
    assert "| GAN | **12.00** | 24.00 |" in text
    assert "WGAN: 1 of 2 runs are still to come" in text
    assert "GAN: its rate is the lowest tried" in text
    assert "60 pictures are compared with 60 of 120 real images" in text
    assert "![Fréchet distance against minutes](objectives/tiny-curves.png)" in text
    # The page is a function of its JSON.
    (tmp_path / "docs" / "objectives.md").unlink()
    write_page(found, tmp_path / "docs")
    assert (tmp_path / "docs" / "objectives.md").read_text() == text
    (tmp_path / "docs" / "objectives" / "notes.md").write_text("The GAN blurs.\n")
    write_page(found, tmp_path / "docs")
    introduction, rest = text.split("\n## ", 1)
    assert (tmp_path / "docs" / "objectives.md").read_text() == (
        f"{introduction}\n## What came of it\n\nThe GAN blurs.\n\n## {rest}"
    )


def test_each_data_set_keeps_its_own_protocol_and_machine(tmp_path):
    docs = tmp_path / "docs"
    write_costs(tmp_path / "first")
    compared = study(tmp_path / "first", rates=RATES)
    compared.train(pretend(RATIOS, []))
    publish(compared, docs)
    first = json.loads((docs / "objectives.json").read_text())["tiny"]
    # What another comparison, elsewhere and longer, adds to it.
    machine = {"cores": 2, "processor": "Some", "precision": "float32", "versions": {"numpy": "2"}}
    second = json.loads(json.dumps(first)) | {"machine": machine}
    second["protocol"] |= {"minutes": 40, "rates": [1e-3, 1e-2]}
    (docs / "objectives.json").write_text(json.dumps({"other": second}))
    publish(compared, docs)
    found = json.loads((docs / "objectives.json").read_text())
    assert found == {"other": second, "tiny": first}
    text = (docs / "objectives.md").read_text()
    assert text.index("After 40 minutes of two cores each:") < text.index("After 12 minutes of")
    assert "other: 0.001 and 0.01 for 5 minutes, and the best for 40 minutes." in text
    assert "tiny: 0.0001 and 0.001 for 5 minutes, and the best for 12 minutes." in text
    for line in (
        "--data other=PATH --out FOLDER --minutes 40 --search-minutes 5 --points 2 --seeds 1 "
        "--rates 0.001 0.01",
        "--data tiny=PATH --out FOLDER --minutes 12 --search-minutes 5 --points 2 --seeds 1 "
        "--rates 0.0001 0.001",
    ):
        assert f"python scripts/objectives.py {line}\n" in text
    assert "**Machine.** 2 cores of Some, in float32; numpy 2." in text


def test_a_search_longer_than_a_run_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"--search-minutes .* Received: 20 and 12"):
        study(tmp_path, search_minutes=20)


@pytest.fixture
def small_features(monkeypatch):
    """A small network of random weights stands for the pretrained one."""
    from kerasgan.metrics import Reference

    keras.utils.set_random_seed(3)
    images = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(6, 3, strides=2, activation="relu")(images)
    network = keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))
    for cls in (Evaluate, Reference):

        def init(self, *arguments, ours=cls.__init__, **options):
            ours(self, *arguments, **{**options, "features": network})

        monkeypatch.setattr(cls, "__init__", init)


def test_two_iterations_of_real_training_make_the_whole_page(
    tmp_path, small_features, cache_folder
):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (100, 32, 32, 3), np.uint8)
    for number, each in enumerate(pixels):
        Image.fromarray(each).save(pictures / f"{number:03d}.png")
    out, docs = tmp_path / "out", tmp_path / "docs"

    options = {"names": ["WGAN"], "data": pictures, "rates": RATES[:1], "points": 2}
    compared = study(out, **options)
    compared.measure(lambda call, recipes, data, turn: measure_costs(recipes, data, 0.0, rounds=1))
    measured = compared.measured["tiny"]
    cost = measured["costs"]["WGAN"]["seconds"]
    assert cost > 0.0
    assert measured["reference"]["count"] == 50
    # Two iterations, of which the search has one.
    options |= {"minutes": 2 * cost / 60, "search_minutes": cost / 60}

    def launch(recipe, folder, data):
        with eager_training():
            train_run(recipe.as_dict(), folder, data)

    compared = study(out, **options)
    compared.train(launch, after_each=lambda: publish(compared, docs))
    outcome = results(compared)["tiny"]["objectives"]["WGAN"]
    assert [search["iterations"] for search in outcome["searches"]] == [1]
    assert [line["iteration"] for line in outcome["finals"][0]["curve"]] == [1, 2]
    text = (docs / "objectives.md").read_text()
    assert "![WGAN](objectives/tiny-WGAN.jpg)" in text
    for picture in ("tiny-WGAN.jpg", "tiny-curves.png"):
        with Image.open(docs / "objectives" / picture) as opened:
            assert opened.width >= 400


@pytest.mark.slow
def test_a_process_that_is_told_to_stop_is_an_interruption():
    with pytest.raises(Interrupted):
        in_process(_stop_the_parent)
    assert in_process(math.sqrt, 4.0) == 2.0


def _stop_the_parent():
    os.kill(os.getppid(), signal.SIGINT)
    raise Interrupted


def test_the_scripts_own_recipes_are_beside_it():
    assert {path.stem for path in Path("scripts/comparison").glob("*.toml")} == {
        *DATA_SETS,
        "objectives",
        "systems",
    }
