import importlib
import json
import sys

import pytest

from kerasgan.errors import UserError
from kerasgan.training import train
from kerasgan.training.logs import check_logs, is_installed
from tests.training.fake_logs import FakeMlflow, FakeWandb, module

pytestmark = pytest.mark.usefixtures("without_graphs")
HALF = "training.iterations=2"


@pytest.fixture
def programs(monkeypatch):
    """Stands for wandb and mlflow."""
    wandb, mlflow = FakeWandb(), FakeMlflow()
    for name, each in {**wandb.modules(), **mlflow.modules()}.items():
        monkeypatch.setitem(sys.modules, name, each)
    monkeypatch.delenv("WANDB_PROJECT", raising=False)
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME", raising=False)
    return wandb, mlflow


def metrics_of(run):
    """The metrics of each line of the log, which is written by other code."""
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    others = ("iteration", "seconds", "images_per_second")
    return {
        line["iteration"]: {name: value for name, value in line.items() if name not in others}
        for line in lines
    }


def test_a_resumed_training_continues_the_same_run_with_its_metrics_grids_and_recipe(
    programs, recipe, pictures, tmp_path
):
    wandb, mlflow = programs
    run, log = tmp_path / "run", ["wandb", "mlflow"]
    train(recipe(HALF), run, data=pictures, log=log)
    train(recipe(), run, data=pictures, log=log)
    grids = {number: (run / f"samples/{number:06d}.png").read_bytes() for number in (0, 2, 4)}

    first, second = wandb.inits
    assert first.id == second.id
    assert {first.resume, second.resume} == {"allow"}
    assert (first.project, first.name, first.dir) == ("kerasgan", "run", str(run))
    assert first.config["model"]["objective"] == "WGAN"
    assert {step: row.pop("samples") for step, row in wandb.rows if "samples" in row} == grids
    assert {step: row for step, row in wandb.rows if row} == metrics_of(run)
    assert wandb.exits == [0, 0]

    assert mlflow.experiments == ["kerasgan"]
    (logged,) = mlflow.runs.values()
    assert logged.run_name == "run"
    assert logged.params["model.objective"] == "WGAN"
    assert logged.params["training.batch_size"] == "4"
    found = {}
    for each in logged.metrics:
        found.setdefault(each.step, {})[each.key] = each.value
    assert found == metrics_of(run)
    assert logged.artifacts == {f"samples/{n:06d}.png": grid for n, grid in grids.items()}
    assert logged.states == ["RUNNING", "FINISHED", "RUNNING", "FINISHED"]


def test_iterations_that_are_repeated_after_a_kill_are_logged_once(
    programs, recipe, pictures, tmp_path
):
    _, mlflow = programs
    run = tmp_path / "run"
    train(recipe(HALF), run, data=pictures, log=["mlflow"])
    # As after a kill between the log and the checkpoint.
    (run / "checkpoint.weights.h5").unlink()
    train(recipe(HALF), run, data=pictures, log=["mlflow"])
    (logged,) = mlflow.runs.values()
    assert [each.step for each in logged.metrics if each.key == "critic_loss"] == [1, 2]


def test_a_connection_that_fails_costs_the_log_and_not_the_training(
    programs, recipe, pictures, tmp_path, capsys
):
    wandb, _ = programs

    def fail(values, *, step):
        raise ConnectionError("no route")

    wandb.log = fail
    assert train(recipe(HALF), tmp_path / "run", data=pictures, log=["wandb"]).iterations == 2
    printed = capsys.readouterr().err
    assert printed.count("The training continues without wandb: no route") == 1


def test_a_run_that_cannot_be_opened_is_one_line(programs, recipe, pictures, tmp_path):
    def fail(**options):
        raise RuntimeError("no API key configured")

    sys.modules["wandb"].init = fail
    with pytest.raises(UserError, match="Cannot log to wandb: no API key configured"):
        train(recipe(HALF), tmp_path / "run", data=pictures, log=["wandb"])


def test_logs_that_are_unknown_or_not_installed_are_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", module("wandb"))
    check_logs(["wandb"])
    with pytest.raises(UserError, match=r"There is no log 'wandv'.* wandb"):
        check_logs(["wandb", "wandv"])
    # How Python marks a module that cannot be imported.
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(UserError, match=r"mlflow needs its package: pip install 'kerasgan\[mlfl"):
        check_logs(["mlflow"])


def test_a_mere_folder_of_its_name_is_not_the_package(tmp_path, monkeypatch):
    (tmp_path / "a_folder").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not is_installed("a_folder")
    (tmp_path / "a_folder" / "__init__.py").touch()
    importlib.invalidate_caches()
    assert is_installed("a_folder")


@pytest.mark.slow
def test_wandb_itself_keeps_the_run_offline(recipe, pictures, tmp_path, monkeypatch):
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    run = tmp_path / "run"
    train(recipe(HALF), run, data=pictures, log=["wandb"])
    train(recipe(), run, data=pictures, log=["wandb"])
    known = json.loads((run / "logs.json").read_text())["wandb"]
    kept = sorted((run / "wandb").glob(f"offline-run-*-{known}/run-{known}.wandb"))
    assert len(kept) == 2
    assert all(b"critic_loss" in file.read_bytes() for file in kept)
    pictures_kept = {file.read_bytes() for file in (run / "wandb").rglob("samples*.png")}
    assert pictures_kept == {file.read_bytes() for file in (run / "samples").glob("*.png")}


@pytest.mark.slow
def test_mlflow_itself_keeps_the_run_in_a_folder(recipe, pictures, tmp_path, monkeypatch):
    tracking = pytest.importorskip("mlflow.tracking")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    run = tmp_path / "run"
    train(recipe(HALF), run, data=pictures, log=["mlflow"])
    train(recipe(), run, data=pictures, log=["mlflow"])
    client = tracking.MlflowClient()
    experiment = client.get_experiment_by_name("kerasgan")
    (logged,) = client.search_runs([experiment.experiment_id])
    assert logged.info.status == "FINISHED"
    assert logged.data.params["model.objective"] == "WGAN"
    history = client.get_metric_history(logged.info.run_id, "critic_loss")
    assert {each.step: each.value for each in history} == {
        number: metrics["critic_loss"] for number, metrics in metrics_of(run).items()
    }
    files = client.list_artifacts(logged.info.run_id, "samples")
    assert [each.path for each in files] == ["samples/000002.png", "samples/000004.png"]


def test_a_damaged_file_of_names_is_named(programs, recipe, pictures, tmp_path):
    run = tmp_path / "run"
    train(recipe(HALF), run, data=pictures, log=["wandb"])
    (run / "logs.json").write_text('["wandb"]')
    with pytest.raises(UserError, match=r"logs\.json is damaged .*: remove it"):
        train(recipe(), run, data=pictures, log=["wandb"])
