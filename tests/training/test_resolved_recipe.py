import msgspec
import pytest

from kerasgan.errors import UserError
from kerasgan.recipes import find_recipe, read_recipe
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_loader import load_run


@pytest.fixture
def second_stage(tmp_path, monkeypatch):
    """Reads the recipe of a second stage of a model, in a folder where one lies in "mine"."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)

    def read(model):
        recipe = read_recipe(find_recipe("wikiart_gangogh_stage2"))
        stage_one = msgspec.structs.replace(recipe.stage_one, model=model)
        return msgspec.structs.replace(recipe, stage_one=stage_one)

    return read


def test_a_run_knows_from_anywhere_where_its_first_stage_is(second_stage, tmp_path, monkeypatch):
    run = RunFolder("run")
    recipe = resolve_recipe(second_stage("mine"), run)
    assert recipe.stage_one.model == str(tmp_path / "mine")
    named = second_stage("wikiart_gangogh")
    assert resolve_recipe(named, run).stage_one.model == "wikiart_gangogh"

    run.create(recipe, recipe.as_toml(), {"path": "", "images": 1, "fingerprint": ""})
    (tmp_path / "mine").rename(tmp_path / "moved")
    # Its weights are in the checkpoint, so a run goes on where the folder was moved.
    moved = resolve_recipe(second_stage("moved"), run)
    assert moved.stage_one.model == str(tmp_path / "moved")
    run.record_recipe(moved, moved.as_toml())
    assert run.recipe() == moved
    assert read_recipe(run.recipe_file) == moved


def test_a_run_whose_first_stage_is_gone_says_where_to_write_its_new_place(
    second_stage, tmp_path, monkeypatch
):
    run = RunFolder("run")
    recipe = resolve_recipe(second_stage("mine"), run)
    run.create(recipe, recipe.as_toml(), {"path": "", "images": 1, "fingerprint": ""})
    run.checkpoints.last.touch()
    (tmp_path / "mine").rename(tmp_path / "moved")
    with pytest.raises(UserError, match=r"mine.* write where it is now to stage_one.model"):
        load_run("run")
