import numpy as np
import pytest
from PIL import Image

from kerasgan.data.lost_colours import lost_colours_summary
from kerasgan.data.sources.source import Item
from kerasgan.recipes import find_recipe, read_recipe
from kerasgan.recipes.own_pictures import lost_colours, recipe_for_data

GREYS = np.random.default_rng(0).integers(0, 200, (40, 30, 1), np.uint8)


def write(path, offset):
    """Writes a picture whose red, green and blue are as far apart as `offset` says."""
    Image.fromarray(np.concatenate([GREYS, GREYS, GREYS + np.uint8(offset)], -1)).save(path)
    return Item(path.name, lambda: path.open("rb"))


@pytest.mark.parametrize(("offset", "has_colours"), [(0, False), (20, False), (55, True)])
def test_a_picture_of_colours_is_named_and_a_tint_is_none(tmp_path, offset, has_colours):
    said = lost_colours_summary([write(tmp_path / "a.png", 0), write(tmp_path / "b.png", offset)])
    assert [line.split(" ")[0] for line in said] == ["b.png"] * has_colours


def test_files_that_are_no_pictures_do_not_matter(tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    bad = Item("a.png", lambda: (tmp_path / "a.png").open("rb"))
    gone = Item("b.png", lambda: (tmp_path / "b.png").open("rb"))
    assert len(lost_colours_summary([bad, gone, write(tmp_path / "c.png", 55)])) == 1


def test_only_a_recipe_that_draws_in_grey_loses_them(tmp_path):
    write(tmp_path / "a.png", 55)
    for name, lines in (("mnist_cppn_wgan_gp", 1), ("fastgan", 0)):
        recipe = recipe_for_data(read_recipe(find_recipe(name)), tmp_path)
        assert len(lost_colours(recipe, tmp_path)) == lines
    colour = read_recipe(find_recipe("mnist_cppn_wgan_gp"), ["data.channels=3"])
    assert lost_colours(recipe_for_data(colour, tmp_path), tmp_path) == []
    assert lost_colours(read_recipe(find_recipe("mnist_cppn_wgan_gp"))) == []
