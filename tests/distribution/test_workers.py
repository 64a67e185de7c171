import io
import json
import os
import time

import h5py
import numpy as np
import pytest

from kerasgan import workers
from kerasgan.errors import UserError
from tests.distribution.workers import start
from tests.tiny_recipe import RECIPE, write_pictures


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "")


def test_workers_are_what_tf_config_says_and_the_first_is_the_chief():
    assert (workers.worker_count(), workers.is_chief()) == (1, True)
    workers.set_workers("a:1, b:2,[::1]:3", 1)
    assert json.loads(os.environ["TF_CONFIG"]) == {
        "cluster": {"worker": ["a:1", "b:2", "[::1]:3"]},
        "task": {"type": "worker", "index": 1},
    }
    assert (workers.worker_count(), workers.is_chief()) == (3, False)


def test_a_chief_of_its_own_kind_comes_before_the_workers(monkeypatch):
    config = {
        "cluster": {"chief": ["c:1"], "worker": ["a:1"]},
        "task": {"type": "worker", "index": 0},
    }
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert (workers.worker_count(), workers.is_chief()) == (2, False)


@pytest.mark.parametrize(
    ("addresses", "index", "message"),
    [
        ("a:1,b", 0, "HOST:PORT .*'b'"),
        ("a:1,b:70000", 0, "HOST:PORT"),
        ("a:1,a:1", 0, "a:1 twice"),
        ("a:1,b:2", 2, "worker_index= from 0 to 1"),
    ],
)
def test_wrong_workers_are_refused(addresses, index, message):
    with pytest.raises(UserError, match=message):
        workers.set_workers(addresses, index)


@pytest.mark.parametrize("text", ["{", '{"cluster": {"ps": ["a:1"]}, "task": {}}', "[]"])
def test_a_tf_config_without_workers_is_refused(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(UserError, match="TF_CONFIG does not describe workers"):
        workers.worker_count()


def weights(run):
    content = (run / "checkpoint.weights.h5").read_bytes()[512:]
    found = {}
    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return found


@pytest.mark.slow
def test_a_killed_worker_stops_the_other_and_both_go_on_to_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.delenv("TF_CONFIG")
    (tmp_path / "tiny.toml").write_text(RECIPE)
    arguments = [tmp_path / "tiny.toml", "--data", write_pictures(tmp_path / "pictures")]
    arguments += ["--set", "training.sample_every=1000", "--set", "training.iterations=30"]
    arguments += ["--out"]

    def finish(processes, code=0):
        codes = [each.wait(300) for each in processes]
        assert codes == [code] * len(codes), (tmp_path / "0.log").read_text()

    finish(start([*arguments, tmp_path / "alone"], tmp_path))
    processes = start([*arguments, tmp_path / "killed"], tmp_path)
    while not (tmp_path / "killed" / "checkpoint.weights.h5").exists():
        assert processes[0].poll() is None, (tmp_path / "0.log").read_text()
        time.sleep(0.05)
    processes[1].kill()
    assert processes[0].wait(60) == 1
    assert "Another worker ended" in (tmp_path / "0.log").read_text()
    finish(start([*arguments, tmp_path / "killed"], tmp_path))
    alone, killed = weights(tmp_path / "alone"), weights(tmp_path / "killed")
    assert alone.keys() == killed.keys()
    assert all(np.array_equal(alone[name], killed[name]) for name in alone)
