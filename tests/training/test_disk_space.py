import re
from types import SimpleNamespace

import pytest

from kerasgan.errors import UserError
from kerasgan.recipes import read_recipe
from kerasgan.recipes.build import build_model
from kerasgan.training import disk_space
from kerasgan.training.disk_space import check_disk_space, expected_size, run_size
from kerasgan.training.planner import plan
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.sample_schedule import sample_count, sample_iterations
from kerasgan.training.trainer import train


@pytest.fixture
def free_space(monkeypatch):
    """Lets the disk seem to have so many bytes left."""

    def free(bytes_left):
        usage = SimpleNamespace(free=bytes_left)
        monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda place: usage)

    return free


def test_the_size_told_is_that_of_the_files_of_a_training(trained, monkeypatch):
    run = RunFolder(trained())
    recipe = read_recipe(run.recipe_file)
    size = run_size(build_model(recipe), recipe)
    written = run.checkpoints.last.stat().st_size
    # HDF5 adds about 2 kB for each of the many small variables of such a model.
    overhead = 200_000
    assert size.weights <= written <= size.weights + overhead
    files = [run.checkpoints.last, run.checkpoints.previous, run.best]
    assert size.weight_files == sum(file.is_file() for file in files)
    assert [*run.sample_grids()] == list(sample_iterations(4, 2))


def test_more_is_kept_if_the_training_is_longer_and_measured(recipe, monkeypatch):
    short = recipe("training.checkpoint_every=4")
    model = build_model(short)
    monkeypatch.setattr(disk_space, "is_installed", lambda name: False)
    size = run_size(model, short)
    assert size.weight_files == 2  # The last and the one before it.
    # Three grids of 24 pictures, by the measured part that a PNG has of its pixels.
    assert size.samples == round(0.7 * 3 * 24 * 32 * 32 * 3)
    assert size.total == 2 * size.weights + size.samples
    long = recipe("training.iterations=5", "training.evaluate_every=1")
    assert run_size(model, long).weight_files == 3


def test_a_disk_that_is_too_small_is_refused_before_training(
    recipe, pictures, tmp_path, free_space
):
    free_space(10_000)
    folder = tmp_path / "run"
    for start in (train, plan):
        with pytest.raises(UserError, match=r"needs [\d.]+ kB of .* for .*run.* has 10\.0 kB"):
            start(recipe(), folder, data=pictures)
    assert not (folder / "run.json").exists()


def test_weights_that_a_run_has_written_are_not_needed_again(recipe, tmp_path, free_space):
    run, chosen = RunFolder(tmp_path / "run"), recipe()
    model = build_model(chosen)
    size = run_size(model, chosen)
    free_space(size.weights * (size.weight_files + 1) - 1)
    with pytest.raises(UserError, match="disk space"):
        check_disk_space(model, chosen, run)
    run.path.mkdir(parents=True)
    run.checkpoints.last.write_bytes(b"1")
    check_disk_space(model, chosen, run)


def test_samples_without_end_are_told_and_not_refused(recipe, tmp_path, free_space):
    run, chosen = RunFolder(tmp_path / "run"), recipe("training.iterations=1000000000")
    model = build_model(chosen)
    size = run_size(model, chosen)
    # The disk has room for weights, and for half of the samples.
    free_space(size.weights * (size.weight_files + 1) + size.samples // 2)
    check_disk_space(model, chosen, run)
    # Half of the samples is rounded down to a byte.
    full = r"which is full at about iteration (499,999,999|500,000,000)"
    assert re.search(full, expected_size(model, chosen, run))
    free_space(size.weights * (size.weight_files + 1) + size.samples)
    assert "full" not in expected_size(model, chosen, run)


@pytest.mark.parametrize("every", [1, 3, 10, 60, 100, 101])
@pytest.mark.parametrize("last", [1, 5, 10, 50, 99, 100, 101, 303])
def test_grids_of_samples_are_counted_without_listing_them(last, every):
    listed = sorted({*(each for each in (0, 10, 50, 100) if each < last), last})
    listed = sorted({*listed, *range(every, last, every)})
    assert list(sample_iterations(last, every)) == listed
    assert sample_count(last, every) == len(listed)
