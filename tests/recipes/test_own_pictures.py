import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from kerasgan import recipes
from kerasgan.errors import UserError
from kerasgan.recipes import read_recipe
from kerasgan.recipes.own_pictures import learns_classes, recipe_for_data
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.wikiart.preparer.prepare import prepare
from tests.wikiart.sources import write_dump

CLASSES = [
    "wikiart_can",
    "wikiart_can_dense",
    "wikiart_can_unrolled",
    "wikiart_gangogh",
    "wikiart_gangogh_stage2",
]
TRANSFORMED = ["pokemon_wgan_dropout", "pokemon_wgan_paper"]


def write(folder, names):
    for level, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (6, 4), (level, 99, 200)).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    return write(tmp_path_factory.mktemp("mine"), [f"{number}.png" for number in range(6)])


@pytest.fixture(scope="module")
def sorted_(tmp_path_factory):
    names = [f"{kind}/{number}.png" for kind in ("cats", "dogs", "owls") for number in range(2)]
    return write(tmp_path_factory.mktemp("mine"), names)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory, sorted_):
    path = tmp_path_factory.mktemp("zip") / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(sorted_.rglob("*.png")):
            archive.write(file, file.relative_to(sorted_))
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wikiart")
    paintings = {f"Pop_Art/artist_work-{number}.jpg": (4, 6)[number % 2] for number in range(12)}
    dump = write_dump(folder / "dump", paintings)
    prepare(dump, folder / "out", size=16, test_fraction=0, workers=1)
    return folder / "out"


@pytest.fixture(autouse=True)
def nothing_is_downloaded(tmp_path, monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", None)


def files(path):
    return {path: path.stat().st_mtime_ns for path in path.rglob("*")}


@pytest.mark.parametrize("name", recipes.list())
def test_every_recipe_takes_any_folder_and_zip_of_pictures(name, flat, sorted_, zipped):
    # The sizes of a curriculum end with its images'.
    small = [] if "curriculum" in name else ["data.image_size=32"]
    recipe = read_recipe(name, [*small, "training.batch_size=2"])
    side = 32 if small else recipe.data.side
    learned = name in CLASSES
    for path in (sorted_, zipped) if learned else (flat, sorted_, zipped):
        before = files(path)
        mine = recipe_for_data(recipe, path)
        assert mine.data.source == "images"
        assert not mine.data.augmentation.flip_vertical
        assert mine.data.labels == (["folder"] if learned else [])
        assert recipe_for_data(mine, path) == mine
        found = RecipeImages(mine, path)
        images = found.all
        assert images.images.shape == (6, side, side, recipe.data.channels)
        assert files(path) == before
        if learned:
            assert found.recipe.data.classes == {"folder": ["cats", "dogs", "owls"]}
            np.testing.assert_array_equal(images.labels["folder"], [0, 0, 1, 1, 2, 2])


@pytest.mark.parametrize("name", CLASSES)
def test_a_recipe_with_classes_says_what_to_do_with_a_folder_that_has_none(name, flat, tmp_path):
    strewn = write(tmp_path / "strewn", ["cats/1.png", "dogs/2.png", "3.png"])
    for path in (flat, strewn):
        with pytest.raises(UserError, match=rf"{path}.*cats.*dogs.*fastgan"):
            recipe_for_data(read_recipe(name), path)
    with pytest.raises(UserError, match=r"3\.png"):
        recipe_for_data(read_recipe(name), strewn)


@pytest.mark.parametrize("name", CLASSES)
def test_classes_in_a_table_beside_the_pictures_are_learned(name, tmp_path):
    write(tmp_path, ["1.png", "2.png", "3.png"])
    rows = ["file_name,caption,kind,by", "1.png,a,cat,me", "2.png,b,dog,me", "3.png,c,cat,me"]
    (tmp_path / "metadata.csv").write_text("\n".join(rows) + "\n")
    small = ["data.image_size=32", "training.batch_size=2"]
    recipe = recipe_for_data(read_recipe(name, small), tmp_path)
    assert (recipe.data.source, recipe.data.labels) == ("imagefolder", ["kind"])
    assert recipe_for_data(recipe, tmp_path) == recipe
    assert RecipeImages(recipe, tmp_path).all.class_names == {"kind": ("cat", "dog")}
    assert recipe_for_data(read_recipe("fastgan"), tmp_path).data.source == "images"


def test_a_table_without_classes_is_none(flat, tmp_path):
    write(tmp_path, ["1.png", "2.png"])
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "1.png", "size": 1.5}\n')
    with pytest.raises(UserError, match="has no classes, and this recipe learns some"):
        recipe_for_data(read_recipe("wikiart_can"), tmp_path)


def test_few_pictures_are_all_trained_on_and_many_are_held_out(sorted_, tmp_path):
    recipe = read_recipe("wikiart_gangogh")
    assert recipe_for_data(recipe, sorted_).data.holdout == 0
    for kind in ("cats", "dogs"):
        write(tmp_path / kind, [f"{number}.png" for number in range(100)])
    assert recipe_for_data(recipe, tmp_path).data.holdout == recipe.data.holdout


def test_labels_that_only_choose_images_are_no_classes(sorted_, flat):
    recipe = read_recipe("wikiart_fastgan")
    assert recipe.data.labels == ["genre"]
    assert not learns_classes(recipe)
    assert recipe_for_data(recipe, flat).data.classes == {}
    assert learns_classes(read_recipe("wikiart_can"))


def test_the_classes_of_a_recipe_of_ones_own_are_asked_for_too(flat, sorted_):
    changes = ['data.source="images"', 'data.labels=["folder"]', 'data.balanced="folder"']
    recipe = read_recipe("wikiart_can", [*changes, "data.classes={}"])
    assert recipe_for_data(recipe, sorted_) == recipe
    with pytest.raises(UserError, match="subfolder per class"):
        recipe_for_data(recipe, flat)


def test_prepared_paintings_without_the_recipes_classes_say_what_to_do(prepared):
    with pytest.raises(
        UserError,
        match=r"has no genre abstract_painting, cityscape, .*, still_life, but "
        r"landscape, portrait: .* data\.classes=\{\}",
    ):
        recipe_for_data(read_recipe("wikiart_gangogh", ["data.image_size=16"]), prepared)
    with pytest.raises(UserError, match=r"prepared at 16x16, .* 64x64: .*data\.image_size=16"):
        recipe_for_data(read_recipe("wikiart_gangogh"), prepared)
    changes = ["data.classes={}", "data.image_size=16", "training.batch_size=4", "data.holdout=0.0"]
    images = RecipeImages(
        recipe_for_data(read_recipe("wikiart_gangogh", changes), prepared), prepared
    )
    assert images.training.class_names == {"genre": ("landscape", "portrait")}
    assert images.recipe.data.classes == {"genre": ["landscape", "portrait"]}
    # It takes landscapes alone.
    fastgan = read_recipe("wikiart_fastgan", ["data.image_size=16"])
    assert recipe_for_data(fastgan, prepared) == fastgan


def test_a_recipes_own_data_are_read_as_before(tmp_path):
    paintings = {f"{style}/{n}.jpg": 4 for style in ("Cubism", "Fauvism") for n in range(3)}
    dump = write_dump(tmp_path / "dump", paintings)
    bare = write_dump(tmp_path / "bare", paintings, tables=False)
    renamed = shutil.copytree(bare / "wikiart", tmp_path / "styles")
    can = read_recipe("wikiart_can", ['data.classes.style=["Cubism", "Fauvism"]'])
    for path in (dump, bare, bare / "wikiart", renamed):
        assert recipe_for_data(can, path) == can
    for name in ("wikiart_gangogh", "wikiart_fastgan"):
        assert recipe_for_data(read_recipe(name), dump) == read_recipe(name)
    only_two = read_recipe("wikiart_can")
    assert recipe_for_data(only_two, renamed).data.labels == ["folder"]

    prepared = tmp_path / "tfds" / "mnist" / "3.0.1"
    prepared.mkdir(parents=True)
    (prepared / "dataset_info.json").touch()
    mnist = read_recipe("mnist_cppn_gan")
    for named in (mnist, read_recipe("mnist_cppn_gan", ["data.source=mnist"])):
        assert recipe_for_data(named, tmp_path / "tfds") == named
    assert recipe_for_data(mnist) == mnist


@pytest.mark.parametrize("name", TRANSFORMED)
def test_only_pokemon_are_turned_upside_down(name, tmp_path, flat):
    artwork = write(tmp_path / "images" / "pokedex" / "hires", ["001.png", "002.png"])
    (tmp_path / "pokedex.json").write_text('[{"id": 1, "type": ["Grass"]}]')
    recipe = read_recipe(name)
    assert recipe.data.augmentation.flip_vertical
    for path in (tmp_path, artwork):
        assert recipe_for_data(recipe, path) == recipe
    assert not recipe_for_data(recipe, flat).data.augmentation.flip_vertical
    kept = read_recipe(name, ['data.source="images"'])
    assert recipe_for_data(kept, flat).data.augmentation.flip_vertical
    others = {each for each in recipes.list() if each not in TRANSFORMED}
    assert not any(read_recipe(each).data.augmentation.flip_vertical for each in others)


def test_a_folder_with_neither_the_data_set_nor_pictures_says_so(tmp_path):
    (tmp_path / "notes.txt").touch()
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(UserError, match=str(path)):
            recipe_for_data(read_recipe("mnist_cppn_gan"), path)
