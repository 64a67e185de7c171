import json
import shutil

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.data.load import own_test_split
from kerasgan.data.sources.recognition import recognized_source
from kerasgan.data.sources.tfds_folder import LAST_FILE
from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.prepare import prepare
from tests.wikiart.sources import (
    prepared_examples,
    scraped,
    write_dump,
    write_image_folder,
    zipped,
)

DUMP = {
    f"{('Cubism', 'Pop_Art')[number % 2]}/artist-{number % 3}_work-{number}.jpg": (4, 6, None)[
        number % 3
    ]
    for number in range(16)
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wikiart")
    dump = write_dump(folder / "dump", DUMP)
    prepare(dump, folder / "out", size=16, test_fraction=0.25, workers=1)
    return dump, folder / "out"


def named_labels(image_set, label_set):
    names = (*image_set.class_names[label_set], None)
    return [names[label] for label in image_set.labels[label_set]]


@pytest.mark.parametrize("split", ["train", "test"])
def test_prepared_folder_gives_the_images_and_labels_of_each_split(folders, split):
    result = load_images("wikiart", path=folders[1], image_size=16, split=split)
    expected = list(prepared_examples(folders[1])[split].values())
    assert named_labels(result, "genre") == [example["genre"] for example in expected]
    assert named_labels(result, "style") == [example["style"] for example in expected]
    assert named_labels(result, "artist") == [example["artist"] for example in expected]
    # TensorFlow's fast decoder of JPEG is about a grey level darker than Pillow's.
    images = np.stack([example["image"] for example in expected]).astype(int)
    assert np.abs(images - result.images).mean() < 2.5


def test_prepared_folder_has_the_same_classes_as_the_dump(folders):
    dump, prepared = (load_images("wikiart", path=path, image_size=16) for path in folders)
    for label_set, names in dump.class_names.items():
        assert prepared.class_names[label_set] == names


def test_only_a_prepared_folder_has_a_test_split_of_its_own(folders, tmp_path):
    dump, out = folders
    assert own_test_split("wikiart", out) == own_test_split("wikiart", str(out)) == "test"
    assert own_test_split("wikiart", dump) is None
    assert own_test_split("wikiart", None) is None
    assert own_test_split("images", out) is None
    prepare(dump, tmp_path / "all", size=16, test_fraction=0, workers=1)
    assert own_test_split("wikiart", tmp_path / "all") is None


def test_wrong_split_and_name_are_named(folders):
    with pytest.raises(UserError, match="train, test"):
        load_images("wikiart", path=folders[1], image_size=16, split="val")
    with pytest.raises(UserError, match="wikiart:genre"):
        load_images("wikiart:genre", path=folders[1], image_size=16)


@pytest.mark.parametrize("content", [b"", b"no record at all"])
def test_a_damaged_file_is_told(folders, tmp_path, content):
    for path in folders[1].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (record,) = tmp_path.glob("wikiart-train.tfrecord*")
    record.write_bytes(record.read_bytes()[:1000] + content)
    with pytest.raises(UserError, match="prepare it again"):
        load_images("wikiart", path=tmp_path, image_size=16)


@pytest.mark.parametrize("key", ["pythonClassName", "python_class_name", "type"])
def test_modules_that_a_strangers_folder_names_are_not_imported(
    folders, tmp_path, monkeypatch, key
):
    copy = shutil.copytree(folders[1], tmp_path / "copy")
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.syspath_prepend(tmp_path)
    features = json.loads((copy / "features.json").read_text())
    image = features["featuresDict"]["features"]["image"]
    image.pop("pythonClassName")
    image.update({key: "evil.Evil", "content": {}})
    (copy / "features.json").write_text(json.dumps(features))
    with pytest.raises(UserError, match=r"features\.json .*'evil\.Evil'"):
        load_images("wikiart", path=copy, image_size=16)
    assert not (tmp_path / "ran").exists()


def test_pictures_with_captions_are_no_scraped_paintings(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "1.png")
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "1.png", "text": "a sea"}\n')
    assert recognized_source(tmp_path, "wikiart") == "images"
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "1.png", "genre": "marina"}\n')
    assert recognized_source(tmp_path, "wikiart") == "wikiart"


@pytest.mark.parametrize("inside", [None, "", "paintings/"])
def test_scraped_paintings_are_to_be_prepared_first(tmp_path, inside):
    # The folder, or a zip of it with or without a folder around its files.
    source = write_image_folder(tmp_path / "paintings", [scraped(1), scraped(2)])
    if inside is not None:
        source = zipped(source, tmp_path / "paintings.zip", inside)
    assert recognized_source(source, "wikiart") == "wikiart"
    with pytest.raises(UserError, match=rf"kerasgan wikiart prepare {source} OUT"):
        load_images("wikiart", path=source, image_size=16)


def test_folder_that_lacks_a_file_is_named(folders, tmp_path):
    for path in folders[1].iterdir():
        if path.suffix != ".tfrecord-00000-of-00001":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(UserError, match=r"wikiart-train\.tfrecord"):
        load_images("wikiart", path=tmp_path, image_size=16)
    (tmp_path / "dataset_info.json").write_text(json.dumps({"name": 1}))
    with pytest.raises(UserError, match=rf"{tmp_path}.*name field"):
        load_images("wikiart", path=tmp_path, image_size=16)


def test_a_prepared_folder_is_recognized_by_recipes_for_any_pictures(tmp_path):
    (tmp_path / "sheets").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "sheets" / "genre.png")
    assert recognized_source(tmp_path, "images") == "images"
    (tmp_path / LAST_FILE).write_text("{}")
    assert recognized_source(tmp_path, "images") == "wikiart"
