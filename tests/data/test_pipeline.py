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
    labels = np.arange(count, dtype=np.int32) * 2 if labelled else None
    names = tuple(map(str, range(2 * count))) if labelled else ()
    return ImageSet(np.array(images), labels, names)


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


def test_stream_is_endless():
    dataset = training_dataset(numbered(3), batch_size=3, seed=0)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    assert sum(1 for _ in itertools.islice(dataset, 200)) == 200


def test_batch_larger_than_the_set_names_both():
    with pytest.raises(UserError, match="batch_size=11 is larger than the set of 10"):
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
