import hashlib
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.files.atomic import rename_folder
from kerasgan.zoo.card import card, zoo_table
from tests.tiny_recipe import RECIPE


def test_the_entry_has_its_parts(entry):
    parts = "recipe.toml README.md metrics.json samples.png progress.jpg saved_model.pb SHA256SUMS"
    for part in parts.split():
        assert (entry / part).is_file(), part
    assert (entry / "recipe.toml").read_text() == RECIPE
    assert not list(entry.parent.glob(".*"))


def test_a_model_in_the_place_of_its_run_is_one_line(entry, tmp_path):
    with pytest.raises(UserError, match=r"^zoo\.export makes an entry of a run .* a WGAN$"):
        zoo.export(zoo.load(entry), tmp_path / "mine")


def test_metrics_tell_what_the_run_did(entry):
    metrics = json.loads((entry / "metrics.json").read_text())
    assert metrics["objective"] == "WGAN"
    assert metrics["image_shape"] == [32, 32, 3]
    assert metrics["training"]["iterations"] == 4
    assert metrics["training"]["batches"] == 8
    assert metrics["training"]["images"] == 12
    # From a latent of 8 and coordinates (x, y, r) to 4 channels, and to 3 colours.
    assert metrics["parameters"]["generator"] == (8 + 3 + 1) * 4 + (4 + 1) * 3


def test_samples_are_what_the_model_draws(entry):
    images = zoo.load(entry).generate(32, seed=0)
    with Image.open(entry / "samples.png") as picture:
        pixels = np.asarray(picture)
    # Eight columns with gaps of two pixels: the second picture starts at 34.
    np.testing.assert_array_equal(pixels[:32, 34:66], np.rint(images[1] * 255))


@pytest.mark.usefixtures("without_litert")
def test_exporting_keeps_a_recipe_with_comments_that_the_run_followed(run, tmp_path):
    folder = tmp_path / "entry"
    folder.mkdir()
    followed = "# Why.\n" + (run / "recipe.toml").read_text()
    (folder / "recipe.toml").write_text(followed)
    zoo.export(run, folder)
    assert (folder / "recipe.toml").read_text() == followed

    other = followed.replace("seed = ", "seed = 1")
    (folder / "recipe.toml").write_text(other)
    with pytest.raises(UserError, match=r"recipe\.toml.*force=True"):
        zoo.export(run, folder)
    assert (folder / "recipe.toml").read_text() == other
    zoo.export(run, folder, force=True)
    assert (folder / "recipe.toml").read_text() == (run / "recipe.toml").read_text()


def test_exporting_again_keeps_the_prose_and_replaces_the_rest(run, entry, tmp_path):
    folder = shutil.copytree(entry, tmp_path / "again")
    (folder / "notes.md").write_text("It draws noise.")
    (folder / "notes").mkdir()
    (folder / "notes" / "tried.png").write_bytes(b"a picture")
    parts = []
    zoo.export(run, folder, report=parts.append)
    assert parts == [
        "reading the weights",
        "SavedModel of iteration 4",
        "litert/tile.tflite",
        "litert/model.json",
        "samples.png",
        "metrics, card and checksums",
    ]
    assert "It draws noise." in (folder / "README.md").read_text()
    assert (folder / "notes" / "tried.png").read_bytes() == b"a picture"
    assert zoo.verify(folder) > 5
    with Image.open(folder / "samples.png") as picture:
        assert picture.size == (8 * 34 - 2, 3 * 34 - 2)


def test_a_folder_of_something_else_is_never_replaced(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary")
    with pytest.raises(UserError, match=r"mine .*diary\.txt"):
        zoo.export(run, tmp_path / "mine")
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear diary"


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(folder):
    """Makes checksums of a folder's files as any program does."""
    files = [path for path in folder.iterdir() if path.is_file()]
    sums = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files]
    (folder / "SHA256SUMS").write_text("".join(sums))


@pytest.mark.parametrize(
    ("files", "with_checksums"),
    [
        (["recipe.toml", "holiday.jpg"], False),
        (["recipe.toml"], False),
        (["system.iso", "other.iso"], True),
        (["recipe.toml", "saved_model.pb", "diary.txt"], True),
        (["notes.md/mine.txt"], False),
        (["notes"], False),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_files_that_are_no_entrys_stay(run, tmp_path, files, with_checksums, force):
    folder = tmp_path / "mine"
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    if with_checksums:
        listed(folder)
    before = contents(tmp_path)
    with pytest.raises(UserError, match=r"/mine "):
        zoo.export(run, folder, force=force)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("force", [False, True])
def test_what_was_put_into_an_entry_stays(entry, run, tmp_path, force):
    folder = shutil.copytree(entry, tmp_path / "entry")
    (folder / "variables" / "thesis.txt").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(UserError, match=r"variables/thesis\.txt"):
        zoo.export(run, folder, force=force)
    assert contents(tmp_path) == before
    (folder / "variables" / "thesis.txt").unlink()
    (folder / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(UserError, match="elsewhere"):
        zoo.export(run, folder, force=force)


@pytest.mark.parametrize("place", [".", "..", "samples", "new", "../link", "../link/new"])
def test_a_run_is_not_exported_over_around_or_into_itself(run, tmp_path, place):
    own = shutil.copytree(run, tmp_path / "runs" / "own")
    (tmp_path / "runs" / "link").symlink_to(own)
    before = contents(tmp_path)
    with pytest.raises(UserError, match=re.escape(str(own / place))):
        zoo.export(own, own / place, force=True)
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("without_litert")
def test_an_export_that_fails_leaves_the_entry_as_it_was(entry, run, tmp_path, monkeypatch):
    folder = shutil.copytree(entry, tmp_path / "entry")
    before = contents(tmp_path)

    def fail(source, target):
        if target == folder:
            raise UserError("no space left")
        rename_folder(source, target)

    monkeypatch.setattr("kerasgan.files.new_folder.rename_folder", fail)
    with pytest.raises(UserError, match="no space left"):
        zoo.export(run, folder)
    assert contents(tmp_path) == before


def test_a_folder_without_a_training_is_an_error(tmp_path):
    with pytest.raises(UserError, match=re.escape(str(tmp_path))):
        zoo.export(tmp_path, tmp_path / "entry")


def test_describe_and_the_card_and_the_table_agree(entry):
    described = zoo.describe(entry)
    assert described["name"] == "tiny"
    assert described["recipe"]["training"]["log_every"] == 1
    assert "4 iterations, 8 batches of 4" in card(entry)
    assert "| [`tiny`](zoo/tiny/README.md) | WGAN | 32x32 |  |  |  | 0.0 |" in zoo_table([entry])


def test_the_shipped_cards_are_those_generated_now():
    for name in zoo.list():
        folder = zoo.describe(name)["folder"]
        assert card(zoo.find(name)) == (zoo.find(name) / "README.md").read_text(), folder


def test_the_readmes_table_is_the_one_generated_now():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert zoo_table([zoo.find(name) for name in zoo.list()]) in readme
