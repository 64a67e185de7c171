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
    labels = np.zeros(6, np.int32)
    assert preview(ImageSet(IMAGES, labels, ("a",)), count=20).shape == (20, 8, 8, 3)


def test_augmentation_shows():
    shown = preview(ImageSet(IMAGES), augmentation=Augmentation(flip_vertical=True), count=6)
    originals = {image.tobytes() for image in IMAGES} | {image[::-1].tobytes() for image in IMAGES}
    assert {image.tobytes() for image in shown} <= originals
    assert not np.array_equal(shown, preview(ImageSet(IMAGES), count=6))


def test_no_images_is_an_error():
    with pytest.raises(UserError, match="count=0"):
        preview(ImageSet(IMAGES), count=0)
