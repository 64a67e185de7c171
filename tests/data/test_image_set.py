import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError

IMAGES = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
LABELS = np.int32([0, 1])


def test_fingerprint_tells_content_apart():
    changed = IMAGES.copy()
    changed[1, 3, 3, 2] ^= 1
    sets = [
        ImageSet(IMAGES),
        ImageSet(changed),
        ImageSet(IMAGES[::-1]),
        ImageSet(IMAGES[:1]),
        ImageSet(IMAGES, LABELS, ("a", "b")),
        ImageSet(IMAGES, LABELS[::-1], ("a", "b")),
    ]
    assert len({image_set.fingerprint for image_set in sets}) == len(sets)
    assert ImageSet(IMAGES.copy()).fingerprint == ImageSet(IMAGES).fingerprint


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
        {"images": IMAGES, "labels": np.int32([1])},
        {"images": IMAGES, "background": (255,)},
    ],
)
def test_other_arrays_are_refused(arguments):
    with pytest.raises(UserError, match="Received"):
        ImageSet(**arguments)
