import hashlib
import itertools

import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data import Augmentation, ImageSet, training_dataset
from kerasgan.errors import UserError


def numbered(count, labelled=False):
    """Images that tell their own number by their one grey level."""
    images = np.broadcast_to(
        np.arange(count, dtype=np.uint8)[:, None, None, None], (count, 4, 4, 1)
    )
    labels = {"double": np.arange(count, dtype=np.int32) * 2} if labelled else {}
    names = {"double": tuple(map(str, range(2 * count)))} if labelled else {}
    return ImageSet(np.array(images), labels, names)


def in_classes(*labels, classes):
    """Numbered images of a label set "kind"."""
    images = numbered(len(labels)).images
    return ImageSet(images, {"kind": np.int32(labels)}, {"kind": tuple("abcdefgh"[:classes])})


def noise(count=10):
    images = np.random.default_rng(0).integers(0, 256, (count, 8, 8, 3), np.uint8)
    images[:, :2] = images[:, -2:] = 255
    images[:, :, :2] = images[:, :, -2:] = 255
    return ImageSet(images)


def batches(dataset, count):
    return [np.asarray(batch) for batch in dataset.take(count)]


def numbers(dataset, count):
    return np.concatenate([np.rint(b[:, 0, 0, 0] * 255) for b in batches(dataset, count)])


def test_images_are_the_sets_own_as_float32_in_zero_to_one():
    image_set = noise()
    (batch,) = batches(training_dataset(image_set, batch_size=10, seed=0), 1)
    assert batch.dtype == np.float32
    expected = {(image / np.float32(255)).tobytes() for image in image_set.images}
    assert {image.tobytes() for image in batch} == expected


def test_shapes_are_static():
    image_set = numbered(10, labelled=True)
    images, labels = training_dataset(image_set, batch_size=4, seed=0).element_spec
    assert images == tf.TensorSpec((4, 4, 4, 1), tf.float32)
    assert labels == tf.TensorSpec((4,), tf.int32)


def test_labels_stay_with_their_images():
    dataset = training_dataset(numbered(10, labelled=True), batch_size=4, seed=0)
    for images, labels in dataset.take(10):
        np.testing.assert_array_equal(np.rint(images[:, 0, 0, 0] * 255) * 2, labels)


def test_several_label_sets_come_by_name():
    labels = {"double": np.arange(0, 20, 2), "half": np.arange(10) // 2}
    names = {name: tuple(map(str, range(20))) for name in labels}
    image_set = ImageSet(numbered(10).images, labels, names)
    dataset = training_dataset(image_set, batch_size=4, seed=0, dtype="uint8")
    spec = tf.TensorSpec((4,), tf.int32)
    assert dataset.element_spec[1] == {"double": spec, "half": spec}
    for images, batch_labels in dataset.take(5):
        own = images[:, 0, 0, 0].numpy().astype(int)
        np.testing.assert_array_equal(batch_labels["double"], own * 2)
        np.testing.assert_array_equal(batch_labels["half"], own // 2)


def test_taken_images_are_a_set_like_any_other():
    rows = np.array([9, 2, 4, 7, 5])
    taken = numbered(10, labelled=True).take(rows)
    for start, (images, labels) in enumerate(training_dataset(taken, batch_size=5, seed=0).take(3)):
        own = np.rint(images[:, 0, 0, 0] * 255)
        np.testing.assert_array_equal(np.sort(own), np.sort(rows))
        np.testing.assert_array_equal(own * 2, labels)
        place = training_dataset(numbered(5), batch_size=5, seed=0, start=start)
        np.testing.assert_array_equal(own, rows[numbers(place, 1).astype(int)])


@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_each_epoch_has_each_image_once(batch_size):
    stream = numbers(training_dataset(numbered(10), batch_size=batch_size, seed=0), 30)
    epochs = stream[: len(stream) // 10 * 10].reshape(-1, 10)
    np.testing.assert_array_equal(np.sort(epochs), np.tile(np.arange(10), (len(epochs), 1)))
    assert len({tuple(epoch) for epoch in epochs}) == len(epochs)


@pytest.mark.parametrize("start", [0, 1, 7, 12])
def test_starting_late_equals_running_through(start):
    options = {"batch_size": 3, "seed": 5, "augmentation": Augmentation(True, True, 0.2)}
    through = batches(training_dataset(noise(), **options), 16)[start:]
    late = batches(training_dataset(noise(), start=start, **options), 16 - start)
    np.testing.assert_array_equal(through, late)


def test_far_start_is_at_once():
    dataset = training_dataset(numbered(10), batch_size=5, seed=0, start=10**12)
    np.testing.assert_array_equal(np.sort(numbers(dataset, 2)), np.arange(10))


def test_same_seed_same_stream_other_seed_other():
    augmentation = Augmentation(True, True, 0.2)
    first, again, other = (
        batches(training_dataset(noise(), batch_size=4, seed=s, augmentation=augmentation), 10)
        for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_augmented_batch_is_the_augmentation_of_the_plain_one():
    image_set, augmentation = noise(), Augmentation(True, True, 0.2)
    plain = batches(training_dataset(image_set, batch_size=4, seed=3), 5)
    varied = batches(
        training_dataset(image_set, batch_size=4, seed=3, augmentation=augmentation), 5
    )
    for step, (before, after) in enumerate(zip(plain, varied, strict=True)):
        expected = augmentation(
            tf.constant(np.rint(before * 255), tf.uint8),
            seed=3,
            step=tf.constant(step, tf.int64),
            background=(255, 255, 255),
        )
        np.testing.assert_array_equal(np.rint(after * 255), expected)


def test_stream_is_still_the_one_that_runs_were_trained_on():
    recorded = {
        0: [[5, 7, 4, 3], [9, 0, 8, 2], [8, 4, 0, 2], [1, 5, 6, 9], [3, 7, 0, 5]],
        7: [[4, 2, 3, 0], [9, 6, 1, 8], [2, 8, 9, 7], [0, 6, 5, 3], [4, 1, 1, 7]],
    }
    for seed, expected in recorded.items():
        dataset = training_dataset(numbered(10), batch_size=4, seed=seed, start=3)
        np.testing.assert_array_equal(numbers(dataset, 5).reshape(5, 4), expected)
    options = {"augmentation": Augmentation(True, True, 0.25), "dtype": "uint8"}
    augmented = np.stack(batches(training_dataset(noise(), batch_size=4, seed=5, **options), 6))
    digest = "94d82885ce399241ed9d86953f8cf1e1d9ea42ce0a44b6ad3e69d3350f8225c8"
    assert hashlib.sha256(augmented.tobytes()).hexdigest() == digest


def test_balanced_classes_take_turns():
    image_set = in_classes(0, 1, 1, 2, 2, 2, 2, 1, -1, 2, classes=3)
    dataset = training_dataset(image_set, batch_size=4, seed=0, balanced="kind")
    batches = np.stack([labels for _, labels in dataset.take(9)])
    turns = (np.arange(36) % 3).reshape(9, 4)
    np.testing.assert_array_equal(np.sort(batches), np.sort(turns))
    assert not np.array_equal(batches, turns), "a batch is shuffled"


def test_balanced_images_keep_their_labels_and_those_without_one_stay_away():
    kinds = np.int32([0, 1, 1, 2, 2, 2, 2, 1, -1, 2])
    dataset = training_dataset(
        in_classes(*kinds, classes=3), batch_size=4, seed=0, balanced="kind", dtype="uint8"
    )
    assert dataset.element_spec[1] == tf.TensorSpec((4,), tf.int32)
    for images, labels in dataset.take(20):
        np.testing.assert_array_equal(kinds[images[:, 0, 0, 0].numpy()], labels)


@pytest.mark.parametrize("start", [0, 1, 13])
def test_balanced_stream_can_start_anywhere(start):
    options = {"batch_size": 5, "seed": 3, "balanced": "kind", "dtype": "uint8"}
    image_set = in_classes(0, 1, 1, 2, 2, 2, 2, 1, 2, 2, classes=3)
    through, late = (
        [images.numpy() for images, _ in training_dataset(image_set, start=s, **options).take(n)]
        for s, n in ((0, 16), (start, 16 - start))
    )
    np.testing.assert_array_equal(through[start:], late)


def test_unknown_set_to_balance_names_the_near_one():
    with pytest.raises(UserError, match=r'"kinds".*kind\?'):
        training_dataset(in_classes(0, 1, classes=2), batch_size=2, seed=0, balanced="kinds")


def test_class_without_images_cannot_be_balanced():
    with pytest.raises(UserError, match='"b" of "kind"'):
        training_dataset(in_classes(0, 2, classes=3), batch_size=2, seed=0, balanced="kind")


def test_cropped_batches_have_the_size_of_the_crop():
    dataset = training_dataset(
        noise(), batch_size=4, seed=0, augmentation=Augmentation(random_crop=6)
    )
    assert dataset.element_spec == tf.TensorSpec((4, 6, 6, 3), tf.float32)


def test_crop_larger_than_the_images_is_one_line():
    with pytest.raises(UserError, match=r"8\. .*random_crop=9") as caught:
        training_dataset(noise(), batch_size=4, seed=0, augmentation=Augmentation(random_crop=9))
    assert "\n" not in str(caught.value)


def test_stream_is_endless():
    dataset = training_dataset(numbered(3), batch_size=3, seed=0)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    assert sum(1 for _ in itertools.islice(dataset, 200)) == 200


def test_batch_larger_than_the_set_names_both():
    with pytest.raises(UserError, match=r"batch_size=11 .* 10 "):
        training_dataset(numbered(10), batch_size=11, seed=0)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"seed": 0.5}, "seed=0.5"),
        ({"seed": None}, "seed=None"),
        ({"seed": True}, "seed=True"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": 2.0}, "batch_size=2.0"),
        ({"start": -1}, "start=-1"),
    ],
)
def test_bad_numbers_are_named(options, named):
    with pytest.raises(UserError, match=named):
        training_dataset(numbered(10), **{"batch_size": 2, "seed": 0, **options})


def test_numpy_integers_are_integers():
    dataset = training_dataset(numbered(10), batch_size=np.int64(2), seed=np.uint8(0))
    assert dataset.element_spec.shape == (2, 4, 4, 1)
