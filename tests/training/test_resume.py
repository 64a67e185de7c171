import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kerasgan
from kerasgan.errors import UserError
from kerasgan.training.callbacks import StopOnSignal
from kerasgan.training.train import train

CHILD = """
import sys
from kerasgan.training.recipe import read_recipe
from kerasgan.training.train import train
recipe, folder, data, *overrides = sys.argv[1:]
train(read_recipe(recipe, overrides), folder, data=data)
"""
LONG = ("training.iterations=40", "training.checkpoint_every=3", "training.sample_every=40")


def start(recipe_file, folder, pictures, *overrides):
    root = Path(kerasgan.__file__).parents[1]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", CHILD, recipe_file, folder, pictures, *overrides]
    return subprocess.Popen(
        list(map(str, command)),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_lines(log, count, process):
    """Waits until the log of a running child has `count` lines."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if log.is_file() and log.read_text().count("\n") >= count:
            return
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)
    raise AssertionError(f"{log} did not come to {count} lines")


def test_training_killed_five_times_ends_with_the_bits_of_one_left_alone(
    recipe, recipe_file, pictures, tmp_path, same_state
):
    train(recipe(*LONG), tmp_path / "whole", data=pictures)
    killed = tmp_path / "killed"
    chance = random.Random()
    for turn in range(5):
        process = start(recipe_file, killed, pictures, *LONG)
        try:
            wait_for_lines(killed / "log.jsonl", 1 + 5 * turn + chance.randrange(4), process)
            time.sleep(chance.uniform(0.0, 0.1))
        finally:
            process.kill()
            assert process.wait() == -signal.SIGKILL, "it ended before the kill"
            process.stderr.close()
    ended = train(recipe(*LONG), killed, data=pictures)

    assert ended.iterations == 40
    checkpoint = "checkpoint.weights.h5"
    assert same_state(tmp_path / "whole" / checkpoint, killed / checkpoint)
    picture = Path("samples") / "000040.png"
    assert (tmp_path / "whole" / picture).read_bytes() == (killed / picture).read_bytes()
    lines = (killed / "log.jsonl").read_text().splitlines()
    assert len(lines) == 40


@pytest.mark.parametrize(("number", "batch"), [(signal.SIGTERM, 4), (signal.SIGINT, 5)])
def test_signal_saves_at_once_and_the_rest_gives_the_same_bits(
    recipe, pictures, tmp_path, same_state, monkeypatch, number, batch
):
    """Stops at the end of an iteration of two batches, and in the middle of one."""
    overrides = ("training.iterations=4", "training.checkpoint_every=9")
    train(recipe(*overrides), tmp_path / "whole", data=pictures)

    def on_train_batch_begin(self, index, logs=None):
        if int(self.model.batches_seen) == batch - 1:
            signal.raise_signal(number)

    before = signal.getsignal(number)
    with monkeypatch.context() as patch:
        patch.setattr(StopOnSignal, "on_train_batch_begin", on_train_batch_begin)
        stopped = train(recipe(*overrides), tmp_path / "parts", data=pictures)
    assert (stopped.iterations, stopped.interrupted) == (2, True)
    assert int(stopped.model.batches_seen) == batch
    assert signal.getsignal(number) is before

    ended = train(recipe(*overrides), tmp_path / "parts", data=pictures)
    assert (ended.iterations, ended.interrupted) == (4, False)
    checkpoints = [tmp_path / name / "checkpoint.weights.h5" for name in ("whole", "parts")]
    assert same_state(*checkpoints)


def test_second_process_is_kept_out_of_a_running_training(recipe, recipe_file, pictures, tmp_path):
    run = tmp_path / "run"
    process = start(recipe_file, run, pictures, "training.iterations=100000")
    try:
        wait_for_lines(run / "log.jsonl", 1, process)
        with pytest.raises(UserError, match=r"Another process is training in .*run"):
            train(recipe("training.iterations=100000"), run, data=pictures)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0, process.communicate()[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert (run / "checkpoint.weights.h5").is_file()
