import os
import random
import signal
import time
from pathlib import Path

import pytest

from kerasgan.errors import UserError
from kerasgan.training.callbacks import Checkpoint, StopOnSignal
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.trainer import train
from tests.fork_server import fork_server
from tests.tiny_recipe import eager_training

pytestmark = pytest.mark.early

LONG = ("training.iterations=40", "training.checkpoint_every=3", "training.sample_every=40")


@pytest.fixture(scope="module")
def start():
    """Starts a training in a process of its own, which has imported TensorFlow already."""
    processes = []

    def start(recipe, run, pictures):
        process = context.Process(target=train, args=(recipe, run), kwargs={"data": pictures})
        process.start()
        processes.append(process)
        return process

    with fork_server("kerasgan.training.trainer") as context:
        yield start
        for process in processes:
            process.kill()
            process.join()


def wait_for_lines(log, count, process):
    """Waits until the log of a running child has `count` lines."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if log.is_file() and log.read_text().count("\n") >= count:
            return
        assert process.exitcode is None, f"the training ended with {process.exitcode}"
        time.sleep(0.01)
    raise AssertionError(f"{log} did not come to {count} lines")


@pytest.mark.parametrize("kills", [2, pytest.param(5, marks=pytest.mark.slow)])
def test_training_killed_again_and_again_ends_with_the_bits_of_one_left_alone(
    recipe, pictures, trained, tmp_path, same_state, start, random_seed, kills
):
    whole = trained(*LONG)
    killed = tmp_path / "killed"
    chance = random.Random(random_seed)
    for turn in range(kills):
        process = start(recipe(*LONG), killed, pictures)
        wait_for_lines(killed / "log.jsonl", 1 + 5 * turn + chance.randrange(4), process)
        time.sleep(chance.uniform(0.0, 0.1))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it ended before the kill"
    ended = train(recipe(*LONG), killed, data=pictures)

    assert ended.iterations == 40
    checkpoint = "checkpoint.weights.h5"
    assert same_state(whole / checkpoint, killed / checkpoint)
    picture = Path("samples") / "000040.png"
    assert (whole / picture).read_bytes() == (killed / picture).read_bytes()
    lines = (killed / "log.jsonl").read_text().splitlines()
    assert len(lines) == 40


@pytest.mark.parametrize(("number", "batch"), [(signal.SIGTERM, 4), (signal.SIGINT, 5)])
def test_signal_saves_at_once_and_the_rest_gives_the_same_bits(
    recipe, pictures, trained, tmp_path, same_state, monkeypatch, number, batch
):
    """Stops at the end of an iteration of two batches, and in the middle of one.

    The signal arrives twice, before the batch and before the checkpoint is saved.
    """
    overrides = ("training.iterations=4", "training.checkpoint_every=9", "training.log_every=9")

    def on_train_batch_begin(self, index, logs=None):
        if int(self.model.batches_seen) == batch - 1:
            signal.raise_signal(number)

    save = Checkpoint.save

    def signalled_save(self):
        signal.raise_signal(number)
        save(self)

    before = signal.getsignal(number)
    with monkeypatch.context() as patch, eager_training():
        patch.setattr(StopOnSignal, "on_train_batch_begin", on_train_batch_begin)
        patch.setattr(Checkpoint, "save", signalled_save)
        stopped = train(recipe(*overrides), tmp_path / "parts", data=pictures)
    assert (stopped.iterations, stopped.interrupted) == (2, True)
    assert int(stopped.model.batches_seen) == batch
    assert signal.getsignal(number) is before
    lines = RunFolder(tmp_path / "parts").log()
    assert [line["iteration"] for line in lines] == [2]

    with eager_training():
        ended = train(recipe(*overrides), tmp_path / "parts", data=pictures)
    assert (ended.iterations, ended.interrupted) == (4, False)
    folders = trained(*overrides, eagerly=True), tmp_path / "parts"
    assert same_state(*(folder / "checkpoint.weights.h5" for folder in folders))


def test_second_process_is_kept_out_of_a_running_training(recipe, pictures, tmp_path, start):
    run, long = tmp_path / "run", recipe("training.iterations=100000")
    process = start(long, run, pictures)
    wait_for_lines(run / "log.jsonl", 1, process)
    with pytest.raises(UserError, match=r"Another process .*run"):
        train(long, run, data=pictures)
    os.kill(process.pid, signal.SIGTERM)
    process.join(timeout=60)
    assert process.exitcode == 0
    assert (run / "checkpoint.weights.h5").is_file()
