import errno
import functools
import os
import shutil
import stat
from pathlib import Path

import h5py
import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.recipes import build_model
from kerasgan.training.callbacks import Checkpoint
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_loader import load_run
from kerasgan.training.trainer import train
from tests.file_size_limit import file_size_limit

LAST, PREVIOUS, DAMAGED = (f"checkpoint{part}.weights.h5" for part in ("", ".previous", ".damaged"))


pytestmark = pytest.mark.usefixtures("without_graphs")


@pytest.fixture(scope="module")
def trained(trained):
    """The trainings that those of this file are compared with go without graphs too."""
    return functools.partial(trained, eagerly=True)


@pytest.fixture
def run(trained, tmp_path):
    """A run of four iterations with checkpoints of the second and the fourth."""
    return shutil.copytree(trained(), tmp_path / "run")


def flip(path, place, bit=0):
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def without_checksum(path):
    """Makes a checkpoint what it was before there were checksums."""
    data = path.read_bytes()
    path.write_bytes(data[data.index(b"\x89HDF") :])


def test_any_flipped_bit_is_refused_in_one_line_that_says_how_to_go_on(run):
    path = run / LAST
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    places = [0, 3, 40, 100, 300, 511, 512, 515, 560, len(whole) - 1]
    places += random.integers(0, len(whole), 90).tolist()
    model = load_run(run)
    for place in places:
        path.write_bytes(whole)
        flip(path, place, int(random.integers(8)))
        with pytest.raises(UserError) as error:
            RunFolder(run).checkpoints.load(model)
        assert str(error.value) == (
            f"The checkpoint {path} is damaged (its checksum differs); `kerasgan train` in this "
            f"run folder resumes from the one before it, {PREVIOUS}"
        )
    for size in (0, 1, 511, 512, 513, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(UserError, match="checksum"):
            RunFolder(run).checkpoints.load(model)


def test_training_goes_on_from_the_checkpoint_before_a_damaged_one_to_the_same_bits(
    recipe, pictures, run, trained, same_state, capsys
):
    flip(run / LAST, 5000)
    damaged = (run / LAST).read_bytes()
    capsys.readouterr()
    again = train(recipe("training.iterations=5"), run, data=pictures)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"is damaged (its checksum differs); it is set aside as {DAMAGED}" in said
    assert f"resumes from the one before it, {PREVIOUS}" in said
    assert again.iterations == 5
    assert (run / DAMAGED).read_bytes() == damaged

    for name in (LAST, PREVIOUS):
        assert same_state(run / name, trained("training.iterations=5") / name)


def test_damaged_checkpoint_without_one_before_it_is_refused_and_left(
    recipe, pictures, trained, tmp_path
):
    run = shutil.copytree(trained("training.iterations=1", eagerly=True), tmp_path / "run")
    assert not (run / PREVIOUS).exists()
    flip(run / LAST, 5000)
    before = (run / LAST).read_bytes()
    for _ in range(2):
        with pytest.raises(UserError, match="train anew in another folder"):
            train(recipe("training.iterations=2"), run, data=pictures)
    assert (run / LAST).read_bytes() == before

    shutil.copytree(trained(), tmp_path / "two")
    for name in (LAST, PREVIOUS):
        flip(tmp_path / "two" / name, 5000)
    with pytest.raises(UserError, match=r"checkpoint\.weights\.h5 is damaged"):
        train(recipe("training.iterations=5"), tmp_path / "two", data=pictures)


def test_a_checkpoint_without_a_checksum_resumes_unverified_and_says_so(
    recipe, pictures, run, trained, same_state, capsys
):
    without_checksum(run / LAST)
    (run / PREVIOUS).unlink()
    capsys.readouterr()
    train(recipe("training.iterations=5"), run, data=pictures)
    said = capsys.readouterr().err
    assert said == (
        f"{run / LAST} is not verified: it has no checksum, "
        "which the checkpoints of trainings have\n"
    )
    assert same_state(run / LAST, trained("training.iterations=5") / LAST)
    load_run(run)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("override", "layer", "shapes"),
    [
        ("discriminator.dense_width=6", "dense", ("(256, 4) and (4,)", "(256, 6) and (6,)")),
        ("generator.depth=2", "conv2d", ("(1, 1, 4, 3) and (3,)", "(1, 1, 4, 4) and (4,)")),
        ("training.generator_optimizer.optimizer=RMSprop", "the generator_optimizer", ()),
    ],
)
@pytest.mark.parametrize("is_sealed", [True, False])
def test_weights_of_another_model_are_one_line_with_the_layer_and_both_shapes(
    recipe, run, override, layer, shapes, is_sealed
):
    if not is_sealed:
        without_checksum(run / LAST)
    with pytest.raises(UserError) as error:
        RunFolder(run).checkpoints.load(build_model(recipe(override)))
    message = str(error.value)
    assert "\n" not in message and "container" not in message
    assert f"The checkpoint {run / LAST} does not fit: " in message
    assert layer in message
    there_and_here = [message.index(shape) for shape in shapes]
    assert there_and_here == sorted(there_and_here)


def test_kill_between_the_two_renames_loses_nothing(recipe, pictures, run, trained, same_state):
    (run / LAST).replace(run / PREVIOUS)
    assert int(load_run(run).batches_seen) == 8
    train(recipe("training.iterations=5"), run, data=pictures)
    assert same_state(run / LAST, trained("training.iterations=5") / LAST)


@pytest.mark.parametrize("has_links", [True, False])
def test_whoever_reads_while_a_checkpoint_is_written_finds_one(run, monkeypatch, has_links):
    model, checkpoints = load_run(run), RunFolder(run).checkpoints
    before = {name: (run / name).read_bytes() for name in (LAST, PREVIOUS)}
    (run / LAST).chmod(0o664)
    seen, replace_file = [], Path.replace

    def replace(self, target):
        seen.append({name for name in (LAST, PREVIOUS) if (run / name).is_file()})
        checkpoints.load(model)
        return replace_file(self, target)

    def no_link(source, target):
        raise OSError(errno.EPERM, "no links", str(source), None, str(target))

    monkeypatch.setattr(Path, "replace", replace)
    if not has_links:
        monkeypatch.setattr(os, "link", no_link)
    checkpoints.save(model)
    assert seen == ([{LAST, PREVIOUS}] * 2 if has_links else [{LAST, PREVIOUS}, {PREVIOUS}])
    assert (run / PREVIOUS).read_bytes() == before[LAST]
    if has_links:
        assert stat.S_IMODE((run / LAST).stat().st_mode) == 0o664


def test_other_programs_read_a_sealed_checkpoint(run):
    model = load_run(run)
    with h5py.File(run / LAST) as file:
        assert int(file["vars/0"][()]) == 8
    weights = model.get_weights()
    model.set_weights([np.zeros_like(weight) for weight in weights])
    model.load_weights(run / LAST)
    for one, other in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_checkpoint_that_cannot_be_written_is_one_line_and_leaves_the_last_good_ones(
    recipe, pictures, run, monkeypatch
):
    kept = {name: (run / name).read_bytes() for name in (LAST, PREVIOUS)}
    save = Checkpoint.save

    def limited(self):
        with file_size_limit(len(kept[LAST]) // 2):
            save(self)

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", limited)
        with pytest.raises(UserError) as error:
            train(recipe("training.iterations=5"), run, data=pictures)
    assert str(error.value) == f"Cannot write {run / LAST}: File too large"
    assert {name: (run / name).read_bytes() for name in kept} == kept
    assert not list(run.glob("*-partial*"))
    assert train(recipe("training.iterations=5"), run, data=pictures).iterations == 5


@pytest.mark.parametrize("size", [0, 100])
def test_whatever_of_a_run_cannot_be_written_is_a_user_error(recipe, pictures, tmp_path, size):
    one_line = pytest.raises(UserError, match=r"File too large$")
    with one_line, file_size_limit(size):
        train(recipe(), tmp_path / "run", data=pictures)
