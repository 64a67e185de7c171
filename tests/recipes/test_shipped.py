import pytest

from kerasgan import recipes
from kerasgan.data.sources.catalog import DATA_SETS
from kerasgan.errors import UserError
from kerasgan.recipes.shipped import recipes_on


def test_the_shipped_recipes_are_found_from_a_checkout():
    assert "pokemon_wgan" in recipes.list()
    assert recipes.find_recipe("pokemon_wgan").name == "recipe.toml"
    assert recipes.read_recipe("pokemon_wgan").model["objective"] == "WGAN"


def test_a_recipe_may_be_a_file_or_a_folder_that_has_one(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.touch()
    assert recipes.find_recipe(recipe) == recipe
    assert recipes.find_recipe(tmp_path) == recipe


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("nowhere.toml", "no recipe file nowhere.toml"),
        ("pokemon_wgn", "did you mean pokemon_wgan"),
        ("pictures.zip", "kerasgan train fastgan --data pictures.zip"),
    ],
)
def test_an_unknown_recipe_is_a_clear_error(given, answer):
    with pytest.raises(UserError, match=answer):
        recipes.find_recipe(given)


def test_every_shipped_recipe_trains_on_one_listed_data_set():
    by_data_set = {each.name: recipes_on(each.name) for each in DATA_SETS}
    assert sorted(name for names in by_data_set.values() for name in names) == recipes.list()
    assert by_data_set["images"] == ["fastgan", "projected_gan", "vision_aided_fastgan"]
    assert {"wikiart_can", "wikiart_fastgan"} <= set(by_data_set["wikiart"])
    assert by_data_set["casia"] == ["casia_cppn_wgan_gp", "casia_cppn_wgan_gp_curriculum"]
