import pytest

from kerasgan.errors import UserError
from kerasgan.zoo import entries


def test_names_are_folders_with_a_saved_model_and_recipes_need_none(tmp_path, monkeypatch):
    for name in ("trained", "untrained"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "recipe.toml").touch()
    (tmp_path / "trained" / "saved_model.pb").touch()
    monkeypatch.setattr(entries, "zoo_folder", lambda: tmp_path)
    assert entries.names() == ["trained"]
    assert entries.recipes() == ["trained", "untrained"]
    assert entries.find("trained") == tmp_path / "trained"
    assert entries.find_recipe("untrained") == tmp_path / "untrained" / "recipe.toml"


def test_the_shipped_zoo_is_found_from_a_checkout():
    assert "pokemon_wgan" in entries.recipes()


def test_an_unknown_model_is_answered_with_near_names(monkeypatch):
    monkeypatch.setattr(entries, "names", lambda: ["pokemon_wgan", "wikiart_can"])
    with pytest.raises(UserError, match=r"no model 'pokemon_gan'; did you mean pokemon_wgan\?"):
        entries.find("pokemon_gan")


def test_a_folder_that_is_no_entry_is_named(tmp_path):
    with pytest.raises(UserError, match=r"is not a zoo entry: it has no saved_model\.pb"):
        entries.find(tmp_path)


def test_a_recipe_may_be_a_file_or_a_folder_that_has_one(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.touch()
    assert entries.find_recipe(recipe) == recipe
    assert entries.find_recipe(tmp_path) == recipe


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("nowhere.toml", "no recipe file nowhere.toml"), ("pokemon_wgn", "did you mean pokemon_wgan")],
)
def test_an_unknown_recipe_is_a_clear_error(asked, answer):
    with pytest.raises(UserError, match=answer):
        entries.find_recipe(asked)
