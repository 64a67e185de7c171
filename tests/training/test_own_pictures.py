import pytest
from PIL import Image

from kerasgan import training
from kerasgan.errors import UserError
from kerasgan.recipes import read_recipe
from kerasgan.training import RunFolder

MNIST = 'data.source="tfds:mnist"'


@pytest.fixture(autouse=True)
def nothing_is_downloaded(tmp_path, monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", None)


@pytest.mark.usefixtures("without_graphs")
def test_a_run_records_what_it_was_trained_on_and_resumes(recipe, pictures, tmp_path, capsys):
    (pictures / "notes.txt").touch()
    Image.new("RGB", (8, 8), "red").save(min(pictures.glob("*.png")))
    changes = [MNIST, "data.augmentation.flip_vertical=true", "data.channels=1"]
    changes += ["generator.channels=1", "discriminator.channels=1"]
    changes.append("training.iterations=1")
    training.train(recipe(*changes), tmp_path / "run", data=pictures, progress=True)
    printed = capsys.readouterr().err
    assert "data.augmentation.flip_vertical: True -> False" in printed
    assert "notes.txt" in printed
    assert "has colours, and the model draws in grey" in printed

    run = RunFolder(tmp_path / "run")
    for recorded in (run.recipe(), read_recipe(run.recipe_file)):
        assert recorded.data.source == "images"
        assert not recorded.data.augmentation.flip_vertical
        assert recorded.data.help == ""
    described = run.describe()["data"]
    assert (described["source"], described["images"]) == ("images", 12)
    assert described["skipped"] == ["notes.txt: not a picture file (.txt)"]

    changes[-1] = "training.iterations=2"
    # Without `data` it is what the run was started with, and nothing is downloaded.
    planned = training.plan(recipe(*changes), run.path)
    assert "would be resumed at iteration 1" in planned
    assert "has colours" in planned
    changes[-1] = "training.iterations=1"
    assert "has 1 iterations already" in training.plan(recipe(*changes), run.path)


def test_a_plan_downloads_nothing(recipe, tmp_path):
    text = training.plan(recipe(MNIST), tmp_path / "run")
    assert "tfds:mnist" in text.splitlines()[0]
    assert 'network = "cppn_generator"' in text
    with pytest.raises(UserError, match="kerasgan data prepare tfds:mnist"):
        training.plan(recipe(MNIST, 'data.labels=["label"]'), tmp_path / "run")
    (tmp_path / "mine").mkdir()
    with pytest.raises(UserError, match=str(tmp_path / "mine")):
        training.plan(recipe(MNIST), tmp_path / "run", data=tmp_path / "mine")
    assert not (tmp_path / "tfds").exists()
    assert not list((tmp_path / "mine").iterdir())


def test_a_plan_names_the_classes_of_a_folder_and_the_files_that_are_left_out(
    recipe, pictures, tmp_path
):
    for number, picture in enumerate(sorted(pictures.glob("*.png"))):
        (pictures / "abc"[number % 3]).mkdir(exist_ok=True)
        picture.rename(pictures / "abc"[number % 3] / picture.name)
    (pictures / "notes.txt").touch()
    changes = ['data.source="wikiart"', 'data.labels=["style"]', 'data.balanced="style"']
    changes += ['data.classes.style=["Cubism"]', 'model.objective="CAN"']
    text = training.plan(recipe(*changes), tmp_path / "run", data=pictures)
    assert "3 of folder (a, b, c)" in text
    assert "notes.txt" in text
    assert "So few pictures teach little" in text  # There are twelve.
