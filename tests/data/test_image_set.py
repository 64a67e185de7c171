import hashlib

import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError

IMAGES = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
LABELS = {"kind": np.int32([0, 1])}
NAMES = {"kind": ("a", "b")}


def test_fingerprint_tells_content_apart():
    changed = IMAGES.copy()
    changed[1, 3, 3, 2] ^= 1
    sets = [
        ImageSet(IMAGES),
        ImageSet(changed),
        ImageSet(IMAGES[::-1]),
        ImageSet(IMAGES[:1]),
        ImageSet(IMAGES, LABELS, NAMES),
        ImageSet(IMAGES, {"kind": np.int32([1, 0])}, NAMES),
        ImageSet(IMAGES, {"kind": np.int32([-1, 1])}, NAMES),
        ImageSet(IMAGES, LABELS, {"kind": ("a", "c")}),
        ImageSet(IMAGES, {"sort": LABELS["kind"]}, {"sort": ("a", "b")}),
        ImageSet(IMAGES, {**LABELS, "sort": LABELS["kind"]}, {**NAMES, "sort": ("a", "b")}),
        ImageSet(IMAGES).take(np.array([1, 0])),
        ImageSet(IMAGES).take(np.array([1])),
    ]
    assert len({image_set.fingerprint for image_set in sets}) == len(sets)
    assert ImageSet(IMAGES.copy()).fingerprint == ImageSet(IMAGES).fingerprint


def test_fingerprint_without_labels_is_that_of_shape_and_pixels():
    # Runs keep it and compare it: it must never change.
    expected = hashlib.sha256(b"((2, 4, 4, 3), False)" + IMAGES.tobytes()).hexdigest()
    assert ImageSet(IMAGES).fingerprint == expected
    assert ImageSet(IMAGES).take(np.arange(2)).fingerprint == expected


def test_fingerprint_does_not_depend_on_the_way_to_a_selection():
    images = ImageSet(np.zeros((5, 2, 2, 1), np.uint8))
    twice = images.take(np.array([4, 3, 1])).take(np.array([2, 0]))
    assert twice.fingerprint == images.take(np.array([1, 4])).fingerprint


def test_labels_become_int32():
    labels = ImageSet(IMAGES, {"kind": np.uint8([0, 1])}, NAMES).labels
    assert labels["kind"].dtype == np.int32


def test_taken_images_keep_their_labels_and_are_not_copied():
    images = np.zeros((5, 2, 2, 1), np.uint8)
    whole = ImageSet(images, {"kind": np.int32([0, 1, -1, 0, 1])}, NAMES, background=(3,))
    taken = whole.take(np.array([4, 2, 3])).take(np.array([0, 2]))
    images[:, 0, 0, 0] = range(5)
    np.testing.assert_array_equal(np.asarray(taken.images)[:, 0, 0, 0], [4, 3])
    np.testing.assert_array_equal(taken.labels["kind"], [1, 0])
    assert (taken.class_names, taken.background, len(taken)) == (NAMES, (3,), 2)
    # A mask and indices from the end choose the same as in an array.
    for again in (whole.take([False, False, True, False, True]), whole.take([2, -1])):
        np.testing.assert_array_equal(np.asarray(again.images)[:, 0, 0, 0], [2, 4])
        np.testing.assert_array_equal(again.labels["kind"], [-1, 1])


def test_background_is_white_unless_given():
    assert ImageSet(IMAGES).background == (255, 255, 255)
    assert ImageSet(IMAGES, background=(1, 2, 3)).background == (1, 2, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        {"images": IMAGES / 255},
        {"images": IMAGES[0]},
        {"images": IMAGES[:, :3]},
        {"images": IMAGES[:0]},
        {"images": IMAGES, "labels": {"kind": np.int32([1])}, "class_names": NAMES},
        {"images": IMAGES, "labels": {"kind": np.float32([0, 1])}, "class_names": NAMES},
        {"images": IMAGES, "labels": {"kind": np.int32([0, 2])}, "class_names": NAMES},
        {"images": IMAGES, "labels": {"kind": np.int32([0, -2])}, "class_names": NAMES},
        {"images": IMAGES, "labels": LABELS},
        {"images": IMAGES, "labels": LABELS, "class_names": {"sort": ("a", "b")}},
        {"images": IMAGES, "background": (255,)},
    ],
)
def test_other_arrays_are_refused(arguments):
    with pytest.raises(UserError, match="Received"):
        ImageSet(**arguments)


def test_its_representation_is_one_line():
    images = ImageSet(
        images=np.zeros((1200, 8, 8, 3), np.uint8),
        labels={"genre": np.zeros(1200, np.int32)},
        class_names={"genre": ("landscape", "portrait")},
    )
    assert repr(images) == "<ImageSet of 1,200 images 8x8x3, genre: 2>"
    assert repr(images.take(np.arange(5)).images) == "<SelectedImages uint8 (5, 8, 8, 3) of 1,200>"
