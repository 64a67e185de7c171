import re
import warnings
from pathlib import Path

import pytest

from kerasgan import recipes
from kerasgan.errors import UserError
from kerasgan.recipes import shipped
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo import entries
from kerasgan.zoo.loader import open_model


def test_names_are_folders_with_a_saved_model_and_recipes_need_none(tmp_path, monkeypatch):
    for name in ("trained", "untrained"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "recipe.toml").touch()
    (tmp_path / "trained" / "saved_model.pb").touch()
    monkeypatch.setattr(entries, "zoo_folder", lambda: tmp_path)
    monkeypatch.setattr(shipped, "zoo_folder", lambda: tmp_path)
    assert entries.names() == ["trained"]
    # Recipes that are there to be compared with lie in the package.
    assert {"trained", "untrained"} <= set(recipes.list())
    for name in ("trained", Path("trained")):
        assert entries.find(name) == tmp_path / "trained"
        assert recipes.find_recipe(name) == tmp_path / "trained" / "recipe.toml"
    with pytest.raises(UserError, match=r"untrained is a recipe .*kerasgan train untrained"):
        entries.find("untrained")
    assert recipes.find_recipe("untrained") == tmp_path / "untrained" / "recipe.toml"


def test_an_unknown_model_is_answered_with_near_names(monkeypatch):
    monkeypatch.setattr(entries, "names", lambda: ["pokemon_wgan", "wikiart_can"])
    with pytest.raises(UserError, match=r"'pokemon_gan'.*pokemon_wgan\b"):
        entries.find("pokemon_gan")


def test_a_path_that_is_not_there_is_answered_without_the_names_of_the_zoo(monkeypatch):
    monkeypatch.setattr(entries, "names", lambda: ["pokemon_wgan"])
    with pytest.raises(UserError, match=r"'runs/none'.*folder") as error:
        entries.find("runs/none")
    assert "pokemon_wgan" not in str(error.value)


def test_a_mistyped_folder_is_answered_with_near_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    (tmp_path / "runs" / "mime.png").touch()  # no folder
    near = r"runs/mien.*; did you mean runs/mine\?$"
    for opened in (
        lambda: entries.find("runs/mien"),
        lambda: open_model("runs/mien", best=True),
        lambda: recipes.find_recipe("runs/mien"),
        lambda: RunFolder("runs/mien").describe(),
    ):
        with pytest.raises(UserError, match=near):
            opened()
    with pytest.raises(UserError, match=r"folder of that name; did you mean runs\?$"):
        entries.find("rusn")
    with pytest.raises(UserError, match=r"There is no folder elsewhere/mine$"):
        RunFolder("elsewhere/mine").describe()


def test_a_recipe_without_a_model_is_answered_with_its_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "fastgan").mkdir(parents=True)
    (tmp_path / "runs" / "fastgan" / "run.json").touch()
    with pytest.raises(UserError, match=r"without a shipped model; did you mean runs/fastgan\?"):
        entries.find("fastgan")


@pytest.mark.parametrize("name", ["a.jpg", "cats/a.PNG"])
def test_a_folder_of_pictures_is_answered_with_how_to_train(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "my images" / name
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(UserError, match=r"kerasgan train fastgan --data 'my images'$"):
        entries.find("my images")


def test_the_samples_of_a_run_are_answered_with_the_run(tmp_path):
    (tmp_path / "run" / "samples").mkdir(parents=True)
    (tmp_path / "run" / "run.json").touch()
    (tmp_path / "run" / "samples" / "0.png").touch()
    with pytest.raises(UserError, match=r"did you mean its run, .*run\?$"):
        entries.find(tmp_path / "run" / "samples")


def test_commands_name_a_folder_so_that_the_zoo_is_not_meant():
    assert entries.as_argument("pokemon_wgan") == "./pokemon_wgan"
    assert entries.as_argument(Path("models/pokemon_wgan")) == "models/pokemon_wgan"
    assert entries.as_argument("my plants") == "'my plants'"


def test_a_folder_that_is_no_entry_is_named(tmp_path):
    with pytest.raises(UserError, match=r"saved_model\.pb"):
        entries.find(tmp_path)
    (tmp_path / "run.json").touch()
    with pytest.raises(UserError, match=r"It is a run.*kerasgan zoo export"):
        entries.find(tmp_path)
    with pytest.raises(UserError, match="is a file, and a model is a folder"):
        entries.find(tmp_path / "run.json")


def test_a_folder_of_runs_and_entries_is_answered_with_them(tmp_path):
    for name, file in (("b", "run.json"), ("a", "saved_model.pb"), ("c", "picture.png")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
    a, b = (re.escape(str(tmp_path / name)) for name in "ab")
    with pytest.raises(UserError, match=rf"Name one of the models in it: {a}, {b}$"):
        entries.find(tmp_path)


def test_a_shipped_name_goes_before_a_folder_of_that_name_which_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "pokemon_wgan"
    run.mkdir()
    (run / "run.json").write_text("{}")
    with pytest.warns(
        UserWarning, match=r"is the model of the zoo; the folder .* '\./pokemon_wgan'"
    ):
        assert entries.find("pokemon_wgan") == entries.zoo_folder() / "pokemon_wgan"
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        entries.find("pokemon_wgan")
    assert not shown, "it is said once"
    assert entries.run_of("pokemon_wgan") is None
    assert entries.run_of("./pokemon_wgan").path == Path("./pokemon_wgan")


def test_shipped_entries_are_small_enough_for_a_wheel():
    folders = [entries.find(name) for name in entries.names()]
    sizes = {
        folder.name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for folder in folders
    }
    assert {name: size for name, size in sizes.items() if size > 20e6} == {}
    assert sum(sizes.values()) <= 95e6
