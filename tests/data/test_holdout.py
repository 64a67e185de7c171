import numpy as np
import pytest

from kerasgan.data import ImageSet, holdout_split
from kerasgan.data.holdout import labelled_like
from kerasgan.data.selection import SelectedImages
from kerasgan.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (2000, 4, 4, 1), np.uint8)
LABELS = np.arange(2000, dtype=np.int32) % 7
WHOLE = ImageSet(IMAGES, {"kind": LABELS}, {"kind": tuple("abcdefg")})


def contents(image_set):
    return {image.tobytes() for image in image_set.images}


def test_each_image_is_on_one_side_with_its_label():
    sides = holdout_split(WHOLE, 0.3)
    rows = np.concatenate([side.images.rows for side in sides])
    np.testing.assert_array_equal(np.sort(rows), np.arange(2000))
    for side in sides:
        np.testing.assert_array_equal(side.labels["kind"], LABELS[side.images.rows])


@pytest.mark.parametrize("fraction", [0.05, 0.5, 0.9])
def test_about_the_fraction_is_held_out(fraction):
    _, held_out = holdout_split(WHOLE, fraction)
    deviation = np.sqrt(2000 * fraction * (1 - fraction))
    assert abs(len(held_out) - 2000 * fraction) < 4 * deviation


def test_a_class_keeps_its_only_images_to_train_on():
    _, held_out = holdout_split(WHOLE, 0.3)
    rare = np.where(np.isin(np.arange(2000), held_out.images.rows[:3]), 1, 0).astype(np.int32)
    images = ImageSet(IMAGES, {"kind": rare}, {"kind": ("many", "few")})
    train, rest = holdout_split(images, 0.3)
    assert np.sum(train.labels["kind"] == 1) == 3
    np.testing.assert_array_equal(rest.images.rows, held_out.images.rows[3:])


def test_copies_in_a_class_that_keeps_its_images_are_on_the_same_side():
    _, held_out = holdout_split(WHOLE, 0.3)
    copied = held_out.images.rows[0]
    images = np.concatenate([IMAGES, IMAGES[[copied]]])
    kind = np.int32([0] * 2000 + [1])
    train, rest = holdout_split(ImageSet(images, {"kind": kind}, {"kind": ("many", "few")}), 0.3)
    assert not contents(train) & contents(rest)
    np.testing.assert_array_equal(rest.images.rows, held_out.images.rows[1:])


def test_side_depends_on_the_pixels_alone():
    train, held_out = holdout_split(WHOLE)
    order = np.random.default_rng(1).permutation(2000)[:1500]
    other_train, other_held_out = holdout_split(ImageSet(IMAGES[order]))
    assert contents(other_train) <= contents(train)
    assert contents(other_held_out) <= contents(held_out)


def test_copies_are_on_the_same_side():
    train, held_out = holdout_split(ImageSet(np.concatenate([IMAGES, IMAGES])), 0.5)
    assert not contents(train) & contents(held_out)


def test_held_out_images_of_a_selection_are_held_out_of_the_whole():
    _, held_out = holdout_split(WHOLE, 0.3)
    _, of_selection = holdout_split(WHOLE.take(np.flatnonzero(LABELS == 2)), 0.3)
    expected = held_out.take(np.flatnonzero(held_out.labels["kind"] == 2))
    np.testing.assert_array_equal(of_selection.images.rows, expected.images.rows)


def test_images_are_not_copied():
    for side in holdout_split(WHOLE):
        assert isinstance(side.images, SelectedImages)
        assert side.images.whole is IMAGES


@pytest.mark.parametrize("fraction", [0, 1, -0.1, float("nan")])
def test_fraction_out_of_range_is_named(fraction):
    with pytest.raises(UserError, match=rf"fraction={fraction}"):
        holdout_split(WHOLE, fraction)


def test_side_without_images_is_an_error():
    with pytest.raises(UserError, match=r"1 images .*fraction=0"):
        holdout_split(ImageSet(IMAGES[:1]), 0.5)


def test_test_split_is_numbered_like_the_selected_training_images():
    train = WHOLE.select(["kind"], {"kind": ["e", "b", "a"]})
    # In a test split fewer classes may occur, and others.
    names = ("x", "a", "b", "c")
    test = ImageSet(
        IMAGES[:6],
        {"kind": np.int32([3, 1, -1, 2, 0, 1]), "more": np.zeros(6, np.int32)},
        {"kind": names, "more": ("m",)},
    )
    result = labelled_like(test, train)
    assert result.class_names == train.class_names == {"kind": ("e", "b", "a")}
    np.testing.assert_array_equal(result.labels["kind"], [2, 1, 2])
    np.testing.assert_array_equal(result.images, IMAGES[[1, 3, 5]])


def test_test_split_without_any_of_the_classes_is_named():
    train = WHOLE.select(["kind"], {"kind": ["e"]})
    for labels, names in (({"kind": np.int32([0])}, {"kind": ("x",)}), ({}, {})):
        with pytest.raises(UserError, match=r"none of the held-out images has .* kind:"):
            labelled_like(ImageSet(IMAGES[:1], labels, names), train)
