import numpy as np
import pytest

from kerasgan.data import load_images
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.wikiart.preparer.prepare import prepare
from tests.wikiart.sources import prepared_examples, write_dump

DUMP = {f"Pop_Art/artist_work-{number}.jpg": (4, 6, None)[number % 3] for number in range(24)}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wikiart")
    dump = write_dump(folder / "dump", DUMP)
    prepare(dump, folder / "out", size=16, test_fraction=0.3, workers=1)
    return dump, folder / "out"


def gangogh_images(folder, *overrides):
    overrides = ("data.image_size=16", "training.batch_size=2", *overrides)
    chosen = ('data.classes={genre=["portrait", "landscape"]}',)
    recipe = read_recipe("wikiart_gangogh", [*overrides, *chosen])
    return RecipeImages(recipe, folder)


def sides(folder, *overrides):
    """The training images and those held out by GANGogh's recipe."""
    images = gangogh_images(folder, *overrides)
    return images.training, images.held_out


def genres(image_set):
    return [image_set.class_names["genre"][label] for label in image_set.labels["genre"]]


def test_prepared_test_split_is_held_out_and_the_training_split_trained_on(folders):
    examples = prepared_examples(folders[1])
    for image_set, split in zip(sides(folders[1]), ("train", "test"), strict=True):
        expected = [example for example in examples[split].values() if example["genre"]]
        assert image_set.class_names == {"genre": ("portrait", "landscape")}
        assert genres(image_set) == [example["genre"] for example in expected]
        images = np.stack([example["image"] for example in expected]).astype(int)
        assert np.abs(images - np.asarray(image_set.images)).mean() < 2.5


def test_without_holdout_the_prepared_test_split_is_not_trained_on(folders):
    images, held_out = sides(folders[1], "data.holdout=0.0")
    assert held_out is None
    assert len(images) == len(sides(folders[1])[0])


@pytest.mark.parametrize("split", ["train+test", "train[:50%]+test"])
def test_no_painting_of_other_splits_is_both_trained_on_and_held_out(folders, split):
    overrides = ("data.holdout=0.4", f"data.split={split}", "training.batch_size=1")
    training, held_out = (
        {image.tobytes() for image in images.images} for images in sides(folders[1], *overrides)
    )
    found = load_images("wikiart", path=folders[1], image_size=16, split=split)
    found = found.select(["genre"], {"genre": ["portrait", "landscape"]})
    assert held_out
    assert not training & held_out
    assert training | held_out == {image.tobytes() for image in found.images}


def test_a_test_split_that_is_trained_on_is_not_measured_as_held_out(folders):
    of_train = gangogh_images(folders[1], "data.holdout=0.0", "data.split=train[:50%]")
    mixed = gangogh_images(folders[1], "data.holdout=0.0", "data.split=train[:50%]+test")
    assert of_train.measured()[1] is not None
    assert mixed.measured()[1] is None


def test_of_the_dump_a_part_is_held_out(folders):
    images, held_out = sides(folders[0], "data.holdout=0.5")
    assert len(images) + len(held_out) == 16
