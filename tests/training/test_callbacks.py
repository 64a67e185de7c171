import io
import json
import math
import os
import signal
import sys
import threading
import time
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from kerasgan.errors import TrainingDiverged
from kerasgan.models import VAEGAN
from kerasgan.refreshing import refresh_interval
from kerasgan.training.callbacks import (
    Checkpoint,
    IterationCallback,
    MetricsLog,
    ProgressBar,
    StopOnDivergence,
    StopOnSignal,
)
from kerasgan.training.run_folder import RunFolder


class TrainedModel:
    """What callbacks see of a model."""

    def __init__(self, batches_seen, n_critic):
        self.batches_seen = keras.Variable(batches_seen, dtype="int64")
        self.n_critic = n_critic
        self.trackers = {}

    @property
    def iterations_seen(self):
        return int(self.batches_seen) // self.n_critic


def attached(callback, batches_seen=0, n_critic=1):
    """The callback on a model that has seen some batches."""
    model = TrainedModel(batches_seen, n_critic)
    model.stop_training = False
    callback.set_model(model)
    return callback


def test_iterations_are_counted_in_batches_and_the_last_is_never_missed():
    called = []

    class Recorder(IterationCallback):
        def on_iteration(self, iteration, logs):
            called.append((iteration, logs["loss"]))

    recorder = attached(Recorder(every=3, last=10), n_critic=5)
    for batch in range(1, 51):
        recorder.model.batches_seen.assign(batch)
        recorder.on_train_batch_end(batch, {"loss": batch})
    assert called == [(3, 15), (6, 30), (9, 45), (10, 50)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1.1e6, -1.1e6])
def test_exploding_metric_is_named_with_its_iteration(value):
    watch = attached(StopOnDivergence(), batches_seen=7)
    watch.model.trackers = {"critic_loss": keras.metrics.Mean()}
    watch.model.trackers["critic_loss"].update_state(value)
    watch.on_train_batch_end(0, {"loss": 9e5, "critic_loss": np.float32(9e5)})
    with pytest.raises(TrainingDiverged, match=r"^critic_loss became .* at iteration 7"):
        watch.on_train_batch_end(0, {"loss": value, "critic_loss": np.float32(value)})


def test_the_nan_of_a_loss_without_an_update_is_no_divergence():
    watch = attached(StopOnDivergence(), batches_seen=7)
    loss = keras.metrics.Mean()
    watch.model.trackers = {"generator_loss": loss}
    logs = {"generator_loss": np.float32("nan")}
    watch.on_train_batch_end(0, logs)
    loss.update_state(float("nan"))
    with pytest.raises(TrainingDiverged, match=r"^generator_loss became nan"):
        watch.on_train_batch_end(0, logs)


def test_the_log_leaves_out_what_had_no_update_and_the_loss_that_is_there_by_name(tmp_path):
    log = attached(MetricsLog(RunFolder(tmp_path), images=4, seconds=0.0, every=1, last=9))
    log.model.reset_metrics = lambda: None
    log.on_train_begin()
    log.model.batches_seen.assign(1)
    log.on_iteration(1, {"loss": 2.0, "critic_loss": 2.0, "generator_loss": np.float32("nan")})
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    line = json.loads(line)
    assert set(line) == {"iteration", "critic_loss", "images_per_second", "seconds"}
    assert (line["iteration"], line["critic_loss"]) == (1, 2.0)


def test_an_optimizer_that_diverged_is_never_saved(
    tiny_generator, tiny_discriminator, tiny_encoder, tmp_path
):
    autoencoder = VAEGAN(tiny_generator(), tiny_discriminator(), tiny_encoder())
    for name in ("generator_optimizer", "discriminator_optimizer", "autoencoder_optimizer"):
        autoencoder.compile()
        variable = getattr(autoencoder, name).variables[-1]
        variable.assign(float("nan") * variable)
        checkpoint = Checkpoint(RunFolder(tmp_path), every=1, last=1)
        checkpoint.set_model(autoencoder)
        with pytest.raises(TrainingDiverged, match="reached nan"):
            checkpoint.save()
    assert not list(tmp_path.iterdir())


class Terminal(io.StringIO):
    """A stream on which a bar shows every state."""

    def isatty(self):
        return True


def test_a_bar_moves_often_where_only_its_last_state_is_kept(monkeypatch):
    class Notebook(io.StringIO):
        pass

    Notebook.__module__ = "ipykernel.iostream"
    intervals = []
    for stream in (Terminal(), Notebook(), io.StringIO()):
        monkeypatch.setattr("sys.stderr", stream)
        intervals.append(refresh_interval())
    assert intervals == [0.1, 1.0, 30.0]


def run_bar(monkeypatch, stream, clock, *, initial=0, iterations=20, compiling=0.25):
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("tqdm.std.time", lambda: clock.now, raising=False)
    progress = attached(ProgressBar(batch_size=4, last=100), 2 * initial, n_critic=2)
    progress.on_train_begin()
    progress.bar._time = lambda: clock.now
    for batch in range(1, 2 * iterations + 1):
        clock.now += compiling if batch == 1 else 0.25
        progress.model.batches_seen.assign(2 * initial + batch)
        progress.on_train_batch_end(batch, {"critic_loss": 0.125})
    progress.on_train_end()
    return stream.getvalue()


def test_bar_shows_metrics_and_true_images_per_second(monkeypatch):
    clock = SimpleNamespace(now=1e9)
    text = run_bar(monkeypatch, io.StringIO(), clock, initial=30)
    last = text.split("\r")[-1]
    assert "50/100" in last
    assert "critic_loss=0.125" in last
    # A batch of 4 images each quarter of a second.
    assert "images/s=16" in last


def test_bar_leaves_the_first_iteration_out_of_its_estimate(monkeypatch):
    clock = SimpleNamespace(now=1e9)
    text = run_bar(monkeypatch, Terminal(), clock, compiling=43.75)
    shown = [state.strip() for state in text.split("\r") if state.strip()]
    assert shown[0].endswith("0/100 [00:00<?, ?it/s, preparing the first step]")
    assert "1/100 [00:44<?, ?it/s, critic_loss=0.125]" in shown[1]
    # Of the other iterations each takes two batches of a quarter of a second; 98 are to come.
    assert "2/100 [00:44<00:49,  2.00it/s, critic_loss=0.125, images/s=16]" in shown[2]
    assert "20/100 [00:53<00:40,  2.00it/s" in shown[-1]


def test_bar_keeps_the_last_distance_and_the_smallest_of_the_whole_training():
    bar = attached(ProgressBar(batch_size=4, last=9, measured=[2.5, math.nan]))
    bar.on_train_begin()
    bar.on_iteration(1, {"critic_loss": 0.5, "frechet_ratio": 3.25, "frechet_distance": 80.0})
    bar.on_iteration(2, {"critic_loss": 0.5})
    bar.close()
    assert bar.bar.postfix.startswith("distance=3.25x (best 2.5x), critic_loss=0.5")
    assert "frechet" not in bar.bar.postfix


def test_bar_leaves_out_what_had_no_update_yet():
    bar = attached(ProgressBar(batch_size=4, last=9))
    bar.on_train_begin()
    bar.on_iteration(1, {"critic_loss": 0.5, "generator_loss": math.nan})
    bar.close()
    assert bar.bar.postfix == "critic_loss=0.5"


def test_bar_in_a_file_is_a_few_lines(monkeypatch):
    clock = SimpleNamespace(now=1e9)
    text = run_bar(monkeypatch, io.StringIO(), clock, iterations=70)
    assert text.count("\r") <= 5
    assert "70/100" in text


def test_closing_a_bar_that_never_began_shows_nothing(capsys):
    ProgressBar(batch_size=1, last=1).close()
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def clock(monkeypatch):
    """The seconds that `StopOnSignal` reads, in a list of one."""
    seconds = [100.0]
    module = sys.modules[StopOnSignal.__module__]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    return seconds


def test_first_signal_asks_to_stop_and_one_a_second_later_ends_the_training(clock):
    # A shell has its background processes ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    stop = attached(StopOnSignal())
    stop.on_train_begin()
    try:
        stop.on_train_batch_end(0)
        assert not stop.model.stop_training
        signal.raise_signal(signal.SIGINT)
        assert not stop.model.stop_training
        stop.on_train_batch_end(1)
        assert stop.model.stop_training
        # One press reaches a process twice if the program that started it passes it on.
        clock[0] += 0.9
        signal.raise_signal(signal.SIGINT)
        clock[0] += 0.2
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        stop.release()
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGHUP")
@pytest.mark.parametrize("is_ignored", [False, True])
def test_a_closed_terminal_stops_a_training_unless_it_is_told_to_go_on(is_ignored):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if is_ignored else signal.SIG_DFL)
    stop = attached(StopOnSignal())
    try:
        stop.on_train_begin()
        signal.raise_signal(signal.SIGHUP)
        stop.on_train_batch_end(0)
        assert stop.model.stop_training is not is_ignored
    finally:
        stop.release()
        signal.signal(signal.SIGHUP, before)


def test_a_stop_is_forgotten_when_the_next_training_begins():
    stop = attached(StopOnSignal())
    stop.on_train_begin()
    signal.raise_signal(signal.SIGINT)
    stop.on_train_end()
    stop.model.stop_training = False
    stop.on_train_begin()
    stop.on_train_batch_end(0)
    stop.on_train_end()
    assert not stop.model.stop_training


@pytest.mark.skipif(os.name == "nt", reason="needs a signal of one thread")
def test_notice_of_a_signal_does_not_wait_for_the_end_of_a_step(monkeypatch):
    printed, seen = threading.Event(), []

    def write(text):
        seen.append(text)
        if text.endswith("\n"):
            printed.set()

    monkeypatch.setattr("sys.stderr", SimpleNamespace(write=write, flush=lambda: None))
    before = signal.getsignal(signal.SIGINT), signal.set_wakeup_fd(-1)
    stop = attached(StopOnSignal(notice="Stopping"))
    stop.on_train_begin()
    reader, writer = os.pipe()

    def interrupt():
        """Signals the process, and ends the main thread's step when the notice is there."""
        time.sleep(0.2)  # until that step has begun
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        os.write(writer, b"1" if printed.wait(timeout=10) else b"0")

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        # Like a step of TensorFlow: no handler runs in it, for the signal is another thread's.
        assert os.read(reader, 1) == b"1"
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        stop.on_train_end()
        assert "".join(seen) == "Stopping\n"
        assert (signal.getsignal(signal.SIGINT), signal.set_wakeup_fd(-1)) == before
    finally:
        thread.join()
        stop.release()
        os.close(reader)
        os.close(writer)


def test_training_in_another_thread_leaves_signals_alone():
    stop = attached(StopOnSignal(notice="Stopping"))
    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=stop.on_train_begin)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is before
    stop.on_train_end()


@pytest.mark.parametrize(
    ("steps", "expected"), [(1, [3, 6, 9, 10]), (4, [4, 8, 10]), (7, [7, 10]), (20, [10])]
)
def test_of_several_steps_per_execution_none_that_is_due_is_missed(steps, expected):
    called = []

    class Recorder(IterationCallback):
        def on_iteration(self, iteration, logs):
            called.append(iteration)

    recorder = attached(Recorder(every=3, last=10))
    for first in range(0, 10, steps):
        last = min(first + steps, 10)
        recorder.on_train_batch_begin(first)
        recorder.model.batches_seen.assign(last)
        recorder.on_train_batch_end(last - 1, {})
    assert called == expected
