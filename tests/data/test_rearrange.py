import numpy as np
import pytest

from kerasgan.data.rearrange import rearranged

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 6, 8, 3), np.uint8)
ROWS, COLUMNS = np.tile(np.arange(6), (3, 1)), np.tile(np.arange(8), (3, 1))
BACKGROUND = (9, 8, 7)


def rearrange(rows=ROWS, columns=COLUMNS, images=IMAGES, background=BACKGROUND):
    return rearranged(images, rows.astype(np.int32), columns.astype(np.int32), background).numpy()


def test_own_places_change_nothing():
    np.testing.assert_array_equal(rearrange(), IMAGES)


def test_reversed_indices_flip():
    np.testing.assert_array_equal(rearrange(rows=ROWS[:, ::-1]), IMAGES[:, ::-1])
    np.testing.assert_array_equal(rearrange(columns=COLUMNS[:, ::-1]), IMAGES[:, :, ::-1])


@pytest.mark.parametrize(
    "offset", [(3, 0), (-3, 0), (0, 5), (0, -5), (2, -4), (-1, 1), (6, 0), (0, -8), (99, 99)]
)
def test_offset_indices_shift_and_the_rest_is_background(offset):
    down, right = offset
    expected = np.empty_like(IMAGES)
    for y in range(6):
        for x in range(8):
            inside = 0 <= y - down < 6 and 0 <= x - right < 8
            expected[:, y, x] = IMAGES[:, y - down, x - right] if inside else BACKGROUND
    np.testing.assert_array_equal(rearrange(ROWS - down, COLUMNS - right), expected)


def test_each_image_has_its_own_indices():
    rows = ROWS.copy()
    rows[1] += 2
    expected = IMAGES.copy()
    expected[1, :4], expected[1, 4:] = IMAGES[1, 2:], BACKGROUND
    np.testing.assert_array_equal(rearrange(rows), expected)


def test_fewer_indices_crop():
    result = rearrange(rows=ROWS[:, 1:4], columns=COLUMNS[:, 2:7])
    np.testing.assert_array_equal(result, IMAGES[:, 1:4, 2:7])


def test_one_channel():
    result = rearrange(ROWS - 1, images=IMAGES[..., :1], background=(5,))
    np.testing.assert_array_equal(result[:, 1:], IMAGES[:, :-1, :, :1])
    assert (result[:, 0] == 5).all()
