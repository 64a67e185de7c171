import zipfile

import pytest

from kerasgan.data.find import find_data_sets
from kerasgan.errors import UserError


@pytest.fixture(autouse=True)
def no_tfds(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("tfds")
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    return folder


def files(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


DATA_SETS = {
    "mnist": ["mnist/3.0.1/dataset_info.json", "mnist/3.0.1/mnist-train.tfrecord"],
    "casia": ["Gnt1.1Test.zip"],
    "pokemon": ["pokedex.json", "images/001.png"],
    "wikiart": ["wikiart/Cubism/a.jpg", "wikiart_csv/genre_train.csv"],
    "imagefolder": ["train/metadata.jsonl", "train/1.png"],
    "images": ["cat/1.png", "dog/1.PNG"],
}


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_data_set_is_found_as_itself_in_a_folder_of_others_and_in_a_zip(name, tmp_path):
    here = files(tmp_path / "all" / "one", *DATA_SETS[name])
    files(tmp_path / "all", "notes.txt", ".hidden/1.png", "broken.zip")
    assert find_data_sets(here) == {name: here}
    if name == "images":  # whose classes may lie in any folder
        here = here.parent
    assert find_data_sets(tmp_path / "all") == {name: here}
    if name == "mnist":
        return
    path = tmp_path / "zips" / "one.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for file in here.rglob("*"):
            archive.write(file, "around/" + file.relative_to(here).as_posix())
    assert find_data_sets(path) == {name: path}
    assert find_data_sets(tmp_path / "zips") == {name: path}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["casia/train/00/1.png", "casia/test/00/1.png"], "casia"),
        (["train/00/1.png", "casia.json"], "casia"),
        (["HWDB1.1trn_gnt/1001-c.gnt"], "casia"),
        (["wikiart/Cubism/a.jpg", "wikiart/Pop_Art/b.jpg"], "wikiart"),
        (["dataset_info.json", "preparation.json", "contact_sheets/1.png"], "wikiart"),
        ([".scrape/state.sqlite", "metadata.jsonl", "images/1.jpg"], "wikiart"),
        (["metadata.jsonl", "images/1.jpg"], "imagefolder"),
        (["metadata.csv", "images/1.png"], "imagefolder"),
        (["images/001.png"], "images"),
    ],
)
def test_layouts_that_are_known(names, found, tmp_path):
    here = files(tmp_path / "here", *names)
    assert find_data_sets(here) == {found: here}


def test_a_folder_of_data_sets_is_none_of_them(tmp_path):
    files(tmp_path, *(f"a {name}/{file}" for name, kind in DATA_SETS.items() for file in kind))
    assert find_data_sets(tmp_path) == {name: tmp_path / f"a {name}" for name in DATA_SETS}


def test_what_tfds_keeps_is_found_without_a_folder(no_tfds, tmp_path):
    assert find_data_sets() == {}
    files(no_tfds, *DATA_SETS["mnist"], "cifar10/3.0.2.incomplete/dataset.tfrecord")
    assert find_data_sets() == {"mnist": no_tfds}
    assert find_data_sets(tmp_path) == {"mnist": no_tfds}


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="gone does not exist"):
        find_data_sets(tmp_path / "gone")
