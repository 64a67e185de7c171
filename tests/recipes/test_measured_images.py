import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.errors import UserError
from kerasgan.recipes.recipe_images import RecipeImages
from tests.tiny_recipe import write_pictures


def test_images_are_those_of_the_recipe_and_none_are_held_out(recipe, pictures):
    images, held_out = RecipeImages(recipe(), pictures).measured()
    expected = load_images("images", path=pictures, image_size=32)
    np.testing.assert_array_equal(np.asarray(images.images), np.asarray(expected.images))
    assert held_out is None


def test_a_test_split_is_held_out(recipe, tmp_path):
    write_pictures(tmp_path / "data" / "train")
    write_pictures(tmp_path / "data" / "test", seed=1)
    images, held_out = RecipeImages(recipe(), tmp_path / "data").measured()
    assert len(images) == len(held_out) == 12
    expected = load_images("images", path=tmp_path / "data" / "test", image_size=32)
    np.testing.assert_array_equal(np.asarray(held_out.images), np.asarray(expected.images))


def test_a_test_split_that_cannot_be_read_is_an_error_and_not_taken_for_none(recipe, tmp_path):
    write_pictures(tmp_path / "data" / "train")
    (tmp_path / "data" / "test").mkdir()
    (tmp_path / "data" / "test" / "broken.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"broken\.png"):
        RecipeImages(recipe(), tmp_path / "data").measured()


def test_a_test_split_without_one_of_the_classes_is_left_out_with_a_warning(recipe, tmp_path):
    for folder in ("train/cats", "train/dogs", "test/birds", "test/fish"):
        write_pictures(tmp_path / "data" / folder)
    labelled = recipe('data.labels=["folder"]')
    with pytest.warns(UserWarning, match="'test': none of the held-out images"):
        _, held_out = RecipeImages(labelled, tmp_path / "data").measured()
    assert held_out is None


def test_images_of_a_folder_test_alone_are_trained_on_and_not_held_out(recipe, tmp_path):
    write_pictures(tmp_path / "data" / "test")
    images, held_out = RecipeImages(recipe(), tmp_path / "data").measured()
    assert len(images) == 12
    assert held_out is None


def test_images_that_are_cut_by_a_pixel_have_the_size_of_the_generators(recipe, pictures):
    cut = recipe("data.augmentation.random_crop=31", "generator.image_size=31")
    images, _ = RecipeImages(cut, pictures).measured()
    assert images.images.shape == (12, 31, 31, 3)


def test_of_images_that_are_cut_at_random_the_middle_is_taken(recipe, pictures):
    cut = recipe("data.augmentation.random_crop=24", "generator.image_size=24")
    images, _ = RecipeImages(cut, pictures).measured()
    whole, _ = RecipeImages(recipe(), pictures).measured()
    assert images.images.shape == (12, 24, 24, 3)
    np.testing.assert_array_equal(images.images, np.asarray(whole.images)[:, 4:28, 4:28])
    assert images.fingerprint != whole.fingerprint


def test_complete_label_sets_are_kept_where_the_recipe_names_none(recipe, tmp_path):
    for name in ("a", "b"):
        write_pictures(tmp_path / "data" / name)
    images, _ = RecipeImages(recipe(), tmp_path / "data").measured()
    assert images.class_names == {"folder": ("a", "b")}
    Image.new("RGB", (32, 32)).save(tmp_path / "data" / "c.png")
    images, _ = RecipeImages(recipe(), tmp_path / "data").measured()
    assert not images.class_names
