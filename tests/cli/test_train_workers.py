import json
import re

import pytest


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    # An empty value counts as none, and is taken back after the test.
    monkeypatch.setenv("TF_CONFIG", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--workers a:1,b:2", "--workers and --worker-index belong together"),
        ("--worker-index 0", "--workers and --worker-index belong together"),
        ("--workers a:1,b --worker-index 0", "Pass --workers with HOST:PORT .* Received: 'b'"),
        ("--workers a:1,,b:2 --worker-index 0", "Received: ''"),
        ("--workers a:1,b:70000 --worker-index 0", "port from 1 to 65535. Received: 'b:70000'"),
        ("--workers http://a:1,b:2 --worker-index 0", "Received: 'http://a:1'"),
        ("--workers a:1,a:1 --worker-index 0", "address of its own for each. Received: a:1 twice"),
        ("--workers a:1,b:2 --worker-index 2", "Pass --worker-index from 0 to 1, .* Received: 2"),
        ("--workers a:1,b:2 --worker-index -1", "Pass --worker-index from 0 to 1, .* Received: -1"),
        ("--workers a:1,b:2 --worker-index one", "'one' is not a valid integer"),
        (
            "--workers a:1,b:2 --worker-index 0 --set training.batch_size=3",
            "training.batch_size must be a multiple of the number of workers, 2. .*=3",
        ),
        (
            "--workers a:1,b:2 --worker-index 0 --devices cpu:2",
            "Several workers use one processor each.* Received: devices=cpu:2",
        ),
        ("--devices gpu", "devices must be all, .* Received: 'gpu'"),
        ("--devices 64", "There are 0 GPUs"),
    ],
)
def test_each_mistake_with_workers_and_devices_has_its_message(kerasgan, recipe, options, message):
    code, out, err = kerasgan("train", recipe, "--data", "pictures", *options.split())
    assert (code, out) == (2, "")
    assert re.search(message, err), err


def test_workers_beside_those_of_a_scheduler_are_refused(kerasgan, recipe, monkeypatch):
    task = {"type": "worker", "index": 0}
    config = {"cluster": {"worker": ["a:1", "b:2"]}, "task": task}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    code, _, err = kerasgan("train", recipe, "--workers", "a:1,b:2", "--worker-index", 0)
    assert code == 2
    assert "TF_CONFIG describes the workers already: leave out --workers or unset it" in err
