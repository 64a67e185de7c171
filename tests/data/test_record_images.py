import json
import shutil

import numpy as np
import pytest

from kerasgan.data import load_images, pipeline, record_index, training_dataset
from kerasgan.data.pipeline import Share
from kerasgan.data.python_step import step_errors
from kerasgan.data.source_preview import preview_source
from kerasgan.errors import UserError

tfds = pytest.importorskip("tensorflow_datasets")

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 3), np.uint8)
LABELS = np.arange(12) % 3
OPTIONS = {"image_size": 8}


def store(folder, shards=1):
    import tensorflow as tf

    features = tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=(8, 8, 3)),
            "kind": tfds.features.ClassLabel(names=["cat", "dog", "owl"]),
        }
    )

    tfds.dataset_builders.store_as_tfds_dataset(
        name="tiny",
        version="1.0.0",
        features=features,
        split_datasets={
            "train": tf.data.Dataset.from_tensor_slices({"image": IMAGES, "kind": LABELS})
        },
        data_dir=str(folder),
        download_config=tfds.download.DownloadConfig(num_shards=shards),
        disable_shuffling=True,
    )
    return folder


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return store(tmp_path_factory.mktemp("tfds"), shards=3)


@pytest.fixture
def streamed(data_dir, cache_folder):
    return load_images("tfds:tiny", path=data_dir, stream=True, **OPTIONS)


def test_streamed_images_and_labels_are_those_that_were_stored_in_their_order(streamed):
    assert streamed.images.shape == (12, 8, 8, 3)
    np.testing.assert_array_equal(streamed.images[:], IMAGES)
    np.testing.assert_array_equal(streamed.images[[7, 0]], IMAGES[[7, 0]])
    np.testing.assert_array_equal(streamed.images[-1], IMAGES[-1])
    np.testing.assert_array_equal(streamed.labels["kind"], LABELS)
    owls = streamed.select(["kind"], {"kind": ["owl"]})
    np.testing.assert_array_equal(owls.images[:], IMAGES[LABELS == 2])


def test_a_part_of_a_split_is_read_across_its_files(data_dir, cache_folder):
    part = load_images("tfds:tiny", path=data_dir, split="train[3:9]", stream=True, **OPTIONS)
    np.testing.assert_array_equal(part.images[:], IMAGES[3:9])
    np.testing.assert_array_equal(part.labels["kind"], LABELS[3:9])


def test_each_worker_reads_its_own_records_of_every_batch_and_no_others(streamed, monkeypatch):
    read = []
    real = type(streamed.images).encoded
    monkeypatch.setattr(
        type(streamed.images), "encoded", lambda self, row: read.append(row) or real(self, row)
    )
    monkeypatch.setattr(pipeline, "_WORKERS", 1)  # One batch is read after another.

    def batches(share):
        read.clear()
        dataset = training_dataset(streamed, batch_size=4, seed=1, share=share)
        # Only the images that are asked for, without what is prepared in advance.
        steps = 3 * share.count
        return [images.numpy() for images, _ in dataset.take(steps)], read[: len(read)]

    whole, _ = batches(Share(0, 1, 1))
    parts = [batches(Share(worker, 1, 2)) for worker in (0, 1)]
    for step, batch in enumerate(whole):
        np.testing.assert_array_equal(np.concatenate([p[step] for p, _ in parts]), batch)
    # One epoch is three batches: what both have read of it are all images, each once.
    first = [[*each[:6]] for _, each in parts]
    assert all(len(set(each)) == 6 for each in first)
    assert not set(first[0]) & set(first[1])


def test_each_file_is_indexed_once_and_each_worker_begins_at_another(
    data_dir, cache_folder, monkeypatch
):
    made = []
    real = record_index._read_through
    monkeypatch.setattr(
        record_index, "_read_through", lambda path, names: made.append(path) or real(path, names)
    )
    task = {"type": "worker", "index": 1}
    config = {"cluster": {"worker": ["a:1", "b:1", "c:1"]}, "task": task}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    load_images("tfds:tiny", path=data_dir, stream=True, **OPTIONS)
    assert [path.name.rpartition("record-")[2][:5] for path in made] == ["00001", "00002", "00000"]
    load_images("tfds:tiny", path=data_dir, stream=True, **OPTIONS)
    assert len(made) == 3


def test_the_fingerprint_depends_on_the_records_and_the_decoding(data_dir, cache_folder, tmp_path):
    options = {"path": data_dir, "stream": True}
    one = load_images("tfds:tiny", image_size=8, **options).fingerprint
    assert load_images("tfds:tiny", image_size=8, **options).fingerprint == one
    assert load_images("tfds:tiny", image_size=4, **options).fingerprint != one
    assert load_images("tfds:tiny", image_size=8, split="train[:9]", **options).fingerprint != one


# Within the last record, and within its header.
@pytest.mark.parametrize("left", [-9, 5])
def test_a_file_that_ends_within_a_record_is_named(tmp_path, cache_folder, left):
    store(tmp_path)
    (path,) = tmp_path.glob("tiny/1.0.0/*.tfrecord*")
    path.write_bytes(path.read_bytes()[:left])
    number = 11 if left < 0 else 0
    with pytest.raises(UserError, match=rf"00001 is damaged, or ends, within .* number {number},"):
        load_images("tfds:tiny", path=tmp_path, stream=True, **OPTIONS)


@pytest.mark.parametrize("within", [b"kind\x12\x05\x1a\x03\n\x01\x02", b"IDAT", b"kind"])
def test_a_record_with_one_wrong_bit_is_found_before_it_is_trained_on(
    tmp_path, cache_folder, within
):
    # The label 2, pixels, or the name of a feature, without which an image has no label.
    store(tmp_path)
    (path,) = tmp_path.glob("tiny/1.0.0/*.tfrecord*")
    content = bytearray(path.read_bytes())
    place = content.index(within) + len(within) - 1
    content[place] ^= 1
    path.write_bytes(content)
    number = 2 if within.endswith(b"\x02") else 0
    with pytest.raises(UserError, match=rf"damaged.* number {number}.*: copy it again"):
        load_images("tfds:tiny", path=tmp_path, stream=True, **OPTIONS)


def test_folders_of_files_cannot_be_streamed(pictures, cache_folder):
    with pytest.raises(UserError, match=r"data\.stream needs a data set of TensorFlow Datasets"):
        load_images("images", path=pictures, stream=True, **OPTIONS)


def test_records_have_no_files_to_name(streamed, data_dir):
    with pytest.raises(UserError, match=r"tfds:tiny are records without names .*--list-files"):
        preview_source(streamed, "tfds:tiny", path=data_dir, name_files=True)
    shown = preview_source(streamed, "tfds:tiny", path=data_dir, count=3)
    assert shown.files == [] and len(shown.pictures) == 3


def test_a_record_that_cannot_be_decoded_ends_a_training_in_one_line(
    data_dir, cache_folder, tmp_path
):
    import tensorflow as tf

    copy = shutil.copytree(data_dir, tmp_path / "copy")
    for file in map(str, copy.rglob("*.tfrecord*")):
        records = [*tf.data.TFRecordDataset(file).as_numpy_iterator()]
        with tf.io.TFRecordWriter(file) as writer:
            for record in records:
                writer.write(record.replace(b"IDAT", b"IDAX"))
    images = load_images("tfds:tiny", path=copy, stream=True, **OPTIONS)
    with pytest.raises(UserError, match=r"An image in .* cannot be decoded"), step_errors():
        next(iter(training_dataset(images, batch_size=2, seed=0)))
