import json

import numpy as np
import pytest
from PIL import Image

import systems_figure
from comparison import system_page
from comparison.runs import Interrupted
from comparison.system import FIGURES, Figure, System, minutes_at
from comparison.system_page import publish, read_results, write_page
from comparison.system_study import SystemStudy
from kerasgan.recipes import list as recipes

CURRICULUM = System("casia_cppn_wgan_gp_curriculum")
FIGURE = Figure(
    "sizes",
    "casia",
    "Sizes",
    "What is compared.",
    {"full size": System("casia_cppn_wgan_gp"), "curriculum": CURRICULUM},
)
COSTS = {"casia_cppn_wgan_gp": [0.5], CURRICULUM.name: [0.1, 0.2, 0.6]}


def study(folder, **options):
    return SystemStudy(folder, {"casia": None}, **{"minutes": 10, "points": 4, **options})


def measured(function, system, data, turn):
    return COSTS[system.name]


def pretend(trained, stop_at=None):
    """Stands for a training: writes a log with a measurement at every quarter."""

    def launch(recipe, folder, data):
        trained.append(folder.name)
        if folder.name == stop_at:
            raise Interrupted
        folder.mkdir(parents=True)
        plan = recipe.training
        with (folder / "log.jsonl").open("w") as log:
            for at in range(plan.evaluate_every, plan.iterations + 1, plan.evaluate_every):
                line = {
                    "iteration": at,
                    "seconds": 0.0,
                    "frechet_distance": 9.0,
                    "frechet_ratio": 600.0 / at,
                }
                line |= {"frechet_ratio": 600.0 / at}
                line |= {"precision": 0.5, "recall": 0.25, "coverage": 0.75}
                log.write(json.dumps(line) + "\n")

    return launch


def test_every_figure_compares_shipped_recipes_that_train_on_one_data_set():
    for figure in FIGURES.values():
        systems = figure.systems.values()
        assert len(systems) >= 2
        assert {system.recipe for system in systems} <= set(recipes())
        data = [system.read().data for system in systems]
        assert {(each.source, each.split, each.side) for each in data} == {
            (data[0].source, data[0].split, data[0].side)
        }
        assert all(system.recipe.startswith(figure.data) for system in systems)


def test_minutes_are_iterations_at_their_cost_and_a_curriculum_keeps_its_shares():
    recipe = FIGURE.systems["full size"].planned([0.5], 600, 4)
    assert (recipe.training.iterations, recipe.training.evaluate_every) == (1200, 300)
    # A third of the iterations at each size: 0.3 seconds each in the mean.
    recipe = CURRICULUM.planned([0.1, 0.2, 0.6], 600, 4)
    assert recipe.training.iterations == 2000
    assert recipe.curriculum.begins == [666, 1333]
    assert recipe.curriculum.fade == 166
    seconds = [0.1] * 666 + [0.2] * 667 + [0.6] * 667
    for iteration in (0, 1, 666, 1000, 2000):
        expected = sum(seconds[:iteration]) / 60
        assert minutes_at(recipe, [0.1, 0.2, 0.6], iteration) == pytest.approx(expected)


def test_what_is_finished_stays_and_what_was_interrupted_goes_on(tmp_path):
    trained = []
    last = f"{CURRICULUM.name}-10-minutes"
    with pytest.raises(Interrupted):
        study(tmp_path).train(FIGURE, pretend(trained, stop_at=last), measured)
    assert trained == ["casia_cppn_wgan_gp", last]
    trained.clear()
    # Costs are not measured again.
    study(tmp_path).train(FIGURE, pretend(trained), measure=None)
    assert trained == [last]
    trained.clear()
    study(tmp_path).train(FIGURE, pretend(trained), measure=None)
    assert trained == []
    assert study(tmp_path, minutes=20).run_folder(CURRICULUM).name.endswith("-20-minutes")


def test_the_page_keeps_the_other_figures_and_says_what_is_missing(tmp_path, monkeypatch):
    docs, drawn = tmp_path / "docs", []
    monkeypatch.setattr(system_page, "in_process", lambda *arguments: drawn.append(arguments))
    docs.mkdir()
    other = {"title": "Another", "text": "T.", "data": "mnist", "minutes": 1, "systems": {}}
    other = {"other": other, "ha": {**other, "text": "Written before."}}
    (docs / "comparisons").mkdir()
    (docs / "comparisons" / "other.md").write_text("Seen: nothing.\n")
    (docs / "comparisons.json").write_text(json.dumps(other))
    compared = study(tmp_path)
    with pytest.raises(Interrupted):
        last = f"{CURRICULUM.name}-10-minutes"
        compared.train(FIGURE, pretend([], stop_at=last), measured)
    (compared.run_folder(FIGURE.systems["full size"]) / "checkpoint.weights.h5").touch()
    publish(compared, FIGURE, docs)
    assert [list(systems) for _, systems, _ in drawn] == [["full size"]]
    text = (docs / "comparisons.md").read_text()
    assert "## Another" in text
    assert "Written before." not in text
    assert FIGURES["ha"].text.strip() in text
    assert "\nSeen: nothing.\n" in text
    assert f"systems_figure.py {FIGURE.name} --data {FIGURE.data}=PATH --minutes 10" in text
    row = "| full size | `casia_cppn_wgan_gp` | 0.50 | 0.50 at minute 10.0 | 0.50 | 0.25 | 0.75 |"
    assert f"{row} 1,200 |" in text
    assert "- curriculum is cut short at 0% of its time." in text
    with Image.open(docs / "comparisons" / "sizes-curves.png") as picture:
        assert len(np.unique(np.asarray(picture))) > 2
    (docs / "comparisons.md").unlink()
    write_page(read_results(docs), docs)
    assert (docs / "comparisons.md").read_text() == text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing", "--data", "mnist"], "the figures are ha, part1, "),
        (["ha", "--data", "casia"], "the figure ha needs images: --data mnist=PATH"),
        (["--data", "imagenet=x"], "--data takes casia, cifar10, mnist, pokemon, wikiart"),
    ],
)
def test_unknown_figures_and_data_are_one_line(arguments, message, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["systems_figure.py", *arguments, "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match=f"^Error: {message}"):
        systems_figure.main()
