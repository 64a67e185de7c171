import numpy as np
import pytest

from kerasgan.data import Augmentation, ImageSet
from kerasgan.data.preview import preview
from kerasgan.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), np.uint8)


def test_without_augmentation_it_shows_the_images():
    shown = preview(ImageSet(IMAGES), count=6)
    assert shown.dtype == np.uint8
    assert {image.tobytes() for image in shown} == {image.tobytes() for image in IMAGES}


def test_more_than_the_set_runs_on():
    labelled = ImageSet(IMAGES, {"kind": np.zeros(6, np.int32)}, {"kind": ("a",)})
    assert preview(labelled, count=20).shape == (20, 8, 8, 3)


def test_augmentation_shows():
    shown = preview(ImageSet(IMAGES), augmentation=Augmentation(flip_vertical=True), count=6)
    originals = {image.tobytes() for image in IMAGES} | {image[::-1].tobytes() for image in IMAGES}
    assert {image.tobytes() for image in shown} <= originals
    assert not np.array_equal(shown, preview(ImageSet(IMAGES), count=6))


def test_crops_show_in_their_own_size():
    shown = preview(ImageSet(IMAGES), augmentation=Augmentation(random_crop=6), count=3)
    assert shown.shape == (3, 6, 6, 3)


def test_balanced_classes_take_turns():
    labels = {name: np.int32([0, 1, 1, 1, 1, 1]) for name in ("kind", "other")}
    labelled = ImageSet(IMAGES, labels, dict.fromkeys(labels, ("a", "b")))
    shown = preview(labelled, balanced="kind", count=7)
    assert [np.array_equal(image, IMAGES[0]) for image in shown] == [True, False] * 3 + [True]


def test_no_images_is_an_error():
    with pytest.raises(UserError, match="count=0"):
        preview(ImageSet(IMAGES), count=0)
