import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import kerasgan as package
from kerasgan import recipes
from kerasgan.data.sources.catalog import DATA_SETS, how_to_get
from kerasgan.errors import UserError
from kerasgan.recipes import read_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.recipes.shipped import recipes_on
from tests.gnt import gnt, pixels, record


@pytest.fixture(autouse=True)
def no_tfds(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))


@pytest.fixture
def pokemon(tmp_path):
    folder = tmp_path / "some pokemon"
    (folder / "images").mkdir(parents=True)
    for number in range(3):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(folder / "images" / f"{number:03}.png")
    (folder / "pokedex.json").write_text('[{"id": 1, "type": ["Grass", "Poison"]}]')
    return folder


@pytest.fixture
def casia(tmp_path):
    folder = tmp_path / "casia"
    for name, text in (("Gnt1.1TrainPart1", "啊阿一"), ("Gnt1.1Test", "啊阿")):
        (folder / name).mkdir(parents=True)
        (folder / name / "1.gnt").write_bytes(gnt(text))
    bad = record("啊", pixels(0), width=0)
    (folder / "Gnt1.1Test" / "2.gnt").write_bytes(bad)
    return folder


def error(result):
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_list_shows_every_data_set_and_its_recipes(kerasgan, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, err = kerasgan("data", "list")
    assert (code, err) == (0, "")
    table, *_ = out.partition("\nmnist\n")
    rows = [line.split()[0] for line in table.splitlines() if line.strip()]
    assert {each.name for each in DATA_SETS} <= set(rows)
    for each in DATA_SETS:
        assert f"\n{each.name}\n  from:    {each.get}\n" in out
    _, _, pokemon = out.partition("\npokemon\n")
    listed = pokemon.partition("recipes: ")[2].splitlines()[0].split(", ")
    assert {"pokemon_fastgan", "pokemon_wgan", "pokemon_wgan_gp"} <= set(listed)


def test_listing_and_converting_need_no_tensorflow(casia, tmp_path):
    program = f"""
import sys
from kerasgan.cli.main import command
command.main(["data", "list"], standalone_mode=False)
prepare = ["data", "prepare", "casia", "--data", {str(casia)!r}, "--out", {str(tmp_path / "o")!r}]
command.main(prepare, standalone_mode=False)
heavy = {{"tensorflow", "keras", "tensorflow_datasets"}} & set(sys.modules)
assert not heavy, heavy
"""
    checkout = Path(package.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=checkout
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", recipes.list())
def test_training_without_data_says_how_to_get_it(name):
    (data_set,) = [each for each in DATA_SETS if name in recipes_on(each.name)]
    recipe = read_recipe(name)
    if data_set.source.startswith("tfds:"):
        assert recipe.data.source == data_set.source
        return
    pages = [word for word in data_set.get.split() if word.startswith("https://")]
    how = pages[0].rstrip(",") if pages else recipe.data.help
    with pytest.raises(UserError, match=rf"pass data=PATH.*{re.escape(how)}"):
        _ = RecipeImages(recipe).all


def test_casia_is_converted_and_its_bad_records_are_named(kerasgan, casia):
    code, out, err = kerasgan("data", "prepare", "casia", "--data", casia, "--out", "out")
    assert code == 0
    summary = "2 test, 3 train images of 3 characters in out, 1 skipped\n"
    commands = ["casia_cppn_wgan_gp", "casia_cppn_wgan_gp_curriculum"]
    assert out == summary + "".join(f"kerasgan train {name} --data out\n" for name in commands)
    assert err == (
        "Skipped casia/Gnt1.1Test/2.gnt, byte 0: its size is 45, but 0x7 pixels and a header are "
        "10 bytes; the rest of the file is left out\n"
    )
    options = ["--channels", 1, "--image-size", 8]
    assert kerasgan("data", "preview", "casia", "--data", "out", *options)[0] == 0


@pytest.mark.parametrize(
    ("characters", "contents"),
    [
        ("1", "1 test, 1 train images of 1 characters; 3 of"),
        ("阿一", "1 test, 2 train images of 2"),
    ],
)
def test_characters_are_a_number_or_themselves(kerasgan, casia, characters, contents):
    options = ["--data", casia, "--out", "out", "--characters", characters]
    assert kerasgan("data", "prepare", "casia", *options)[1].startswith(contents)


def test_what_needs_no_conversion_is_checked_where_it_is(kerasgan, pokemon):
    code, out, err = kerasgan("data", "prepare", "pokemon", "--data", pokemon)
    assert (code, err) == (0, "")
    assert out.startswith(
        "3 picture files, not read yet; type: 1 classes (Grass); "
        f"second_type: 1 classes (Poison) in {pokemon}\n"
    )
    assert f"kerasgan train pokemon_wgan --data '{pokemon}'\n" in out
    assert kerasgan("data", "prepare", "casia", "--data", pokemon / "images")[0] == 0
    (pokemon / "images" / "clip.webm").touch()
    code, out, err = kerasgan("data", "prepare", "images", "--data", pokemon / "images")
    assert code == 0 and "3 picture files, not read yet" in out and ", 1 skipped" in out
    assert "clip.webm: not a picture file" in err


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["pokmon"], 'no data set "pokmon"; did you mean pokemon?'),
        (["casia"], "https://nlpr.ia.ac.cn/databases/handwriting/Download.html"),
        (["wikiart", "--data", "gone"], "gone does not exist"),
        (["casia", "--data", "casia"], "kerasgan data prepare casia --data casia --out DIR"),
        (["casia", "--data", "casia", "--characters", "5"], "out"),
        (["casia", "--data", "casia", "--out", "o", "--characters", "0"], "characters=0"),
        (["images", "--data", "casia", "--characters", "5"], "leave out --characters 5"),
        (["pokemon", "--data", "casia", "--out", "o"], "leave out"),
        (["mnist", "--data", "casia"], "leave out"),
        (["mnist", "--out", "casia/Gnt1.1Test/1.gnt/x"], "Cannot write to the folder"),
        (["tfds:mnits", "--out", "o"], "mnist"),
    ],
)
def test_wrong_arguments_are_one_clear_line(kerasgan, casia, arguments, answer):
    assert answer in error(kerasgan("data", "prepare", *arguments))


def test_what_tfds_has_is_counted_and_not_fetched(kerasgan, tmp_path):
    tfds = pytest.importorskip("tensorflow_datasets")
    import tensorflow as tf

    features = {
        "image": tfds.features.Image(shape=(28, 28, 1)),
        "label": tfds.features.ClassLabel(num_classes=10),
    }
    splits = {
        split: tf.data.Dataset.from_tensor_slices(
            {"image": tf.zeros((count, 28, 28, 1), tf.uint8), "label": [0] * count}
        )
        for split, count in (("train", 4), ("test", 2))
    }
    tfds.dataset_builders.store_as_tfds_dataset(
        name="mnist",
        version="3.0.1",
        features=tfds.features.FeaturesDict(features),
        split_datasets=splits,
        data_dir=str(tmp_path / "out"),
    )
    code, out, _ = kerasgan("data", "prepare", "mnist", "--out", "out")
    assert code == 0
    assert out.startswith("4 train, 2 test images in out\n")
    assert "kerasgan train mnist_cppn_gan --data out\n" in out
    assert kerasgan("data", "preview", "mnist", "--data", "out", "--channels", 1)[0] == 0


def test_how_to_get_is_known_by_name_and_by_source():
    assert how_to_get("mnist") == how_to_get("tfds:mnist") != ""
    assert "Gnt1.1" in how_to_get("casia")
    assert "PNG" in how_to_get("images")
    assert how_to_get("tfds:fashion_mnist") == ""
