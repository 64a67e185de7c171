import io
import json
import os
import re
import shutil
import subprocess
import time
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest

from kerasgan.distribution import workers
from kerasgan.errors import UserError
from kerasgan.training.cluster import Cluster
from kerasgan.wikiart.preparer.prepare import prepare
from tests.distribution.workers import COMMAND, ENVIRONMENT, start
from tests.tiny_recipe import RECIPE, write_pictures
from tests.wikiart.sources import write_dump


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


@pytest.mark.parametrize("replicas", [2, 3, 6, 7])
def test_whole_numbers_and_texts_reach_workers_of_any_number_of_replicas(replicas):
    # Six times a sixth of 5 is 4.999...
    class Chief(Cluster):
        workers, is_chief = 2, True

        def __init__(self):
            pass

        def _sum(self, values):
            return [sum(each / replicas for _ in range(replicas)) for each in values]

    text = "".join(map(chr, range(1, 500)))
    assert Chief()._text_from_chief(text) == text
    counts = [keras.Variable(number, dtype="int64") for number in range(100)]
    numbers = np.random.default_rng(0).normal(size=100).astype(np.float32)
    weights = [keras.Variable(number) for number in numbers]
    Chief().share_state(
        SimpleNamespace(
            recipe=SimpleNamespace(as_toml=lambda: "a = 1"),
            images=SimpleNamespace(all=SimpleNamespace(fingerprint="0")),
            init=None,
            model=SimpleNamespace(training_state=[*counts, *weights]),
        )
    )
    assert [int(each) for each in counts] == list(range(100))
    np.testing.assert_array_equal([each.numpy() for each in weights], numbers)


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


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A recipe, pictures and the run of four iterations on one device, in one folder."""
    folder = tmp_path_factory.mktemp("base")
    (folder / "tiny.toml").write_text(RECIPE)
    write_pictures(folder / "pictures")
    train(folder, "base", "--iterations", 4)
    return folder


def train(folder, run, *options):
    done = subprocess.run(
        [*COMMAND, *arguments(folder, run), *map(str, options)],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "KERASGAN_CACHE": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stderr


def arguments(folder, run):
    paths = [folder / "tiny.toml", "--data", folder / "pictures", "--out", folder / run]
    return [*map(str, paths), "--set", "training.sample_every=1000"]


@pytest.mark.slow
def test_a_killed_worker_stops_the_other_and_both_go_on_to_the_same_bits(base, tmp_path):
    log = tmp_path / "0.log"

    def begin(run):
        options = ["--iterations", 30, "--freeze-discriminator", 1, "--init"]
        # The chief alone has the model that they start from.
        others = [*arguments(base, run), *options, "elsewhere"]
        first = [*arguments(base, run), *options, base / "base"]
        return start(first, tmp_path, others=others, cache=base / "cache")

    def finish(processes):
        assert [each.wait(500) for each in processes] == [0, 0], log.read_text()

    finish(begin("alone"))
    processes = begin("killed")
    while not (base / "killed" / "checkpoint.weights.h5").exists():
        assert processes[0].poll() is None, log.read_text()
        time.sleep(0.05)
    processes[1].kill()
    processes[1].wait()
    assert processes[0].wait(60) == 1
    assert "Another worker ended" in log.read_text()
    finish(begin("killed"))
    alone, killed, origin = (weights(base / run) for run in ("alone", "killed", "base"))
    assert alone.keys() == killed.keys()
    assert all(np.array_equal(alone[name], killed[name]) for name in alone)
    kept = [
        np.array_equal(origin[f"critic/layers/{name}"], alone[f"critic/layers/{name}"])
        for name in ("cpu_conv2d/vars/0", "cpu_conv2d_1/vars/0")
    ]
    assert kept == [True, False]


@pytest.mark.slow
def test_two_workers_train_on_streamed_records_as_one_device_does(base, tmp_path):
    titles = [f"Pop_Art/artist_work-{number}.jpg" for number in range(24)]
    dump = write_dump(tmp_path / "dump", {title: 4 + 2 * (n % 2) for n, title in enumerate(titles)})
    prepare(dump, tmp_path / "prepared", size=32, test_fraction=0.0, workers=1)
    recipe = RECIPE.replace('source = "images"', 'source = "wikiart"\nstream = true')
    # Adam and RMSprop make as much of the rounding of a gradient near zero as of a large gradient.
    for scaled in ("Adam", "RMSprop"):
        recipe = recipe.replace(f'optimizer = "{scaled}"', 'optimizer = "SGD"')
    recipe = re.sub("learning_rate = .*", "learning_rate = 0.1", recipe)
    (base / "stream.toml").write_text(recipe)

    def given(run):
        paths = [base / "stream.toml", "--data", tmp_path / "prepared", "--out", tmp_path / run]
        return [*paths, "--set", "training.sample_every=1000"]

    environment = {**ENVIRONMENT, "KERASGAN_CACHE": str(base / "cache")}
    subprocess.run([*COMMAND, *map(str, given("one"))], check=True, env=environment)
    processes = start(given("two"), tmp_path, others=given("two"), cache=base / "cache")
    assert [each.wait(500) for each in processes] == [0, 0], (tmp_path / "0.log").read_text()
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_allclose(two[name], one[name], rtol=0, atol=1e-5, err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), [(None, "cpu:2"), ("cpu:2", None)])
def test_a_run_goes_on_on_other_devices_than_it_began_on(base, before, after):
    if not (base / "one").exists():
        shutil.copytree(base / "base", base / "one")
        train(base, "one", "--iterations", 8)
    run = f"from {before}"
    if before is None:
        shutil.copytree(base / "base", base / run)
    else:
        train(base, run, "--iterations", 4, "--devices", before)
    train(base, run, "--iterations", 8, *([] if after is None else ["--devices", after]))
    one, other = weights(base / "one"), weights(base / run)
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_allclose(other[name], one[name], rtol=0, atol=1e-5, err_msg=name)
    description = json.loads((base / run / "run.json").read_text())
    named = {None: "one device", "cpu:2": "2 devices"}
    history = [] if before is None else [{"iteration": 0, "devices": named[before]}]
    assert description["devices"] == [*history, {"iteration": 4, "devices": named[after]}]
