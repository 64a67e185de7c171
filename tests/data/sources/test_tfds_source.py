import numpy as np
import pytest

from kerasgan.data import load_images
from kerasgan.data.sources.tfds_folder import is_on_disk, names_on_disk
from kerasgan.data.sources.tfds_source import tfds_splits
from kerasgan.errors import UserError

tfds = pytest.importorskip("tensorflow_datasets")

RNG = np.random.default_rng(0)
TRAIN = RNG.integers(0, 256, (12, 8, 8, 3), np.uint8)
TEST = RNG.integers(0, 256, (5, 8, 8, 3), np.uint8)


def store(folder, name="tiny", image=None, train=TRAIN):
    import tensorflow as tf

    features = tfds.features.FeaturesDict(
        {
            "image": image or tfds.features.Image(shape=(8, 8, 3)),
            "label": tfds.features.ClassLabel(names=["cat", "dog", "owl"]),
            "size": tfds.features.ClassLabel(names=["small", "large"]),
            "age": tfds.features.Scalar(np.int64),
        }
    )
    tfds.dataset_builders.store_as_tfds_dataset(
        name=name,
        version="1.0.0",
        features=features,
        split_datasets={
            split: tf.data.Dataset.from_tensor_slices(
                {
                    "image": images,
                    # As data sets do whose test split has no labels.
                    "label": np.arange(len(images)) % 3 if split == "train" else [-1] * len(images),
                    "size": np.arange(len(images)) // 6,
                    "age": np.arange(len(images)),
                }
            )
            for split, images in (("train", train), ("test", TEST))
        },
        data_dir=str(folder),
        disable_shuffling=True,
    )
    return folder


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return store(tmp_path_factory.mktemp("tfds"))


def test_images_labels_and_names_are_those_stored(data_dir):
    result = load_images("tfds:tiny", path=data_dir, image_size=8)
    np.testing.assert_array_equal(result.images, TRAIN)
    np.testing.assert_array_equal(result.labels["label"], np.arange(12) % 3)
    np.testing.assert_array_equal(result.labels["size"], np.arange(12) // 6)
    assert result.labels["label"].dtype == np.int32
    assert result.class_names == {"label": ("cat", "dog", "owl"), "size": ("small", "large")}


def test_split_is_the_one_asked_for(data_dir):
    test = load_images("tfds:tiny", path=data_dir, image_size=8, split="test")
    np.testing.assert_array_equal(test.images, TEST)
    assert set(test.labels) == set(test.class_names) == {"size"}
    part = load_images("tfds:tiny", path=data_dir, image_size=8, split="train[2:5]")
    np.testing.assert_array_equal(part.images, TRAIN[2:5])
    np.testing.assert_array_equal(part.labels["label"], [2, 0, 1])


def test_options_apply_as_to_files(data_dir):
    result = load_images("tfds:tiny", path=data_dir, image_size=8, channels=1)
    assert result.images.shape == (12, 8, 8, 1)
    assert np.abs(result.images[..., 0] - TRAIN @ [0.299, 0.587, 0.114]).max() <= 1


def test_cache_is_used_and_keeps_labels(data_dir, monkeypatch):
    first = load_images("tfds:tiny", path=data_dir, image_size=8)
    monkeypatch.setattr("PIL.Image.open", None)
    again = load_images("tfds:tiny", path=data_dir, image_size=8)
    np.testing.assert_array_equal(again.labels["label"], first.labels["label"])
    assert again.class_names == first.class_names
    assert again.fingerprint == first.fingerprint


def test_another_data_set_of_the_same_name_has_its_own_cache(data_dir, tmp_path):
    load_images("tfds:tiny", path=data_dir, image_size=8)
    other = load_images("tfds:tiny", path=store(tmp_path, train=255 - TRAIN), image_size=8)
    np.testing.assert_array_equal(other.images, 255 - TRAIN)


def test_unknown_name_names_the_nearest(tmp_path):
    with pytest.raises(UserError, match=r'"mnits".*mnist'):
        load_images("tfds:mnits", path=tmp_path, image_size=8)


def test_no_name_says_how_to_write_it():
    with pytest.raises(UserError, match="tfds:NAME"):
        load_images("tfds", image_size=8)
    with pytest.raises(UserError, match="tfds:mnist"):
        load_images("tfds:", image_size=8)


def test_unknown_split_names_the_splits(data_dir):
    with pytest.raises(UserError, match=r"train.*split='valid'"):
        load_images("tfds:tiny", path=data_dir, image_size=8, split="valid")


def test_nothing_is_downloaded_into_a_folder_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", None)
    with pytest.raises(UserError, match=rf"{tmp_path}.*kerasgan data prepare mnist --out DIR"):
        load_images("tfds:mnist", path=tmp_path, image_size=8)
    assert not list(tmp_path.iterdir())


def test_a_version_that_a_named_folder_lacks_is_not_downloaded_into_it(
    data_dir, tmp_path, monkeypatch
):
    store(tmp_path, name="mnist")  # Version 1.0.0, which TFDS itself no longer has.
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", None)
    for name in ("mnist", "mnist:3.0.1"):
        with pytest.raises(UserError, match=r"pass one of .* source tfds:mnist:1\.0\.0$"):
            load_images(f"tfds:{name}", path=tmp_path, image_size=8)
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(UserError, match=r"pass one of .* source tfds:tiny:1\.0\.0$"):
        load_images("tfds:tiny:2.0.0", path=data_dir, image_size=8)
    found = load_images("tfds:mnist:1.0.0", path=tmp_path, image_size=8)
    np.testing.assert_array_equal(found.images, TRAIN)


def test_a_data_set_is_on_disk_in_its_own_configuration_and_version_only(tmp_path):
    for folder in ("a/1.0.0", "b/large/1.0.2", "b/small/2.0.0"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "dataset_info.json").touch()
    names = ("a", "a:1.0.0", "a:1.*.*", "a/size=8", "b", "b/large", "b/large:1.0.2", "b:2.0.0")
    assert [name for name in names if not is_on_disk(name, tmp_path)] == []
    others = ("a:1.0.1", "a/large", "b/large:2.0.0", "b/medium", "b:1.0.0", "c", "a/b/c")
    assert [name for name in others if is_on_disk(name, tmp_path)] == []
    assert names_on_disk("b/medium:7.0.0", tmp_path) == ["b/large:1.0.2", "b/small:2.0.0"]


def test_failing_preparation_says_how_to_mend_it(tmp_path, monkeypatch):
    def offline(*arguments, **options):
        raise ConnectionError("no route to host")

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", offline)
    command = "kerasgan data prepare mnist --out DIR"
    with pytest.raises(UserError, match=rf"no route to host.*{command}") as caught:
        tfds_splits("mnist", tmp_path)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="kerasgan data prepare tfds:fashion_mnist --out DIR"):
        tfds_splits("fashion_mnist", tmp_path)


def test_data_set_without_images_is_refused(tmp_path):
    path = store(tmp_path, image=tfds.features.Tensor(shape=(8, 8, 3), dtype=np.uint8))
    with pytest.raises(UserError, match=r'tiny.*"image"'):
        load_images("tfds:tiny", path=path, image_size=8)
