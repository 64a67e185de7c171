import numpy as np
import pytest

from kerasgan.data.augmentation import cut_out, largest_shifts

WHITE = (255, 255, 255)


def subject(left, right, up, down, size=16):
    """A white image whose black subject leaves these margins."""
    image = np.full((size, size, 3), 255, np.uint8)
    image[up : size - down, left : size - right] = 0
    return image


def test_margins_are_those_drawn():
    margins = [(1, 2, 3, 4), (0, 5, 0, 7), (15, 0, 0, 15), (0, 0, 0, 0)]
    images = np.stack([subject(*margin) for margin in margins])
    np.testing.assert_array_equal(largest_shifts(images, WHITE), margins)


def test_blank_means_near_the_background_in_every_channel():
    image = subject(3, 3, 3, 3)
    image[0, 0] = [247, 255, 255]
    np.testing.assert_array_equal(largest_shifts(image[None], WHITE), [[3, 3, 3, 3]])
    image[0, 0] = [246, 255, 255]
    np.testing.assert_array_equal(largest_shifts(image[None], WHITE), [[0, 3, 0, 3]])


def test_margins_follow_the_background():
    inverted = 255 - subject(1, 2, 3, 4)
    np.testing.assert_array_equal(largest_shifts(inverted[None], (0, 0, 0)), [[1, 2, 3, 4]])
    np.testing.assert_array_equal(largest_shifts(inverted[None], WHITE), [[0, 0, 0, 0]])


IMAGES = np.random.default_rng(0).integers(0, 256, (3, 6, 8, 3), np.uint8)
BACKGROUND = (9, 8, 7)


def cut(corners=(0, 0), flips=(False, False), size=(6, 8), images=IMAGES, background=BACKGROUND):
    corners = np.broadcast_to(np.array(corners, np.int32), (3, 2))
    return cut_out(images, corners, np.broadcast_to(flips, (3, 2)), size, background)


def test_whole_images_are_unchanged():
    np.testing.assert_array_equal(cut(), IMAGES)


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("size", [(6, 8), (3, 4), (9, 11)])
@pytest.mark.parametrize(
    "corner", [(0, 0), (3, 0), (-3, 0), (0, 5), (0, -5), (2, -4), (-1, 1), (6, 0), (0, -8), (9, 9)]
)
def test_windows_show_the_images_and_the_background_beyond_them(
    corner, size, is_turned, is_mirrored
):
    expected = np.empty((3, *size, 3), np.uint8)
    for y in range(size[0]):
        for x in range(size[1]):
            row, column = y + corner[0], x + corner[1]
            inside = 0 <= row < 6 and 0 <= column < 8
            expected[:, y, x] = IMAGES[:, row, column] if inside else BACKGROUND
    if is_turned:
        expected = expected[:, ::-1]
    if is_mirrored:
        expected = expected[:, :, ::-1]
    np.testing.assert_array_equal(cut(corner, (is_turned, is_mirrored), size), expected)


def test_each_image_has_its_own_window_and_flips():
    corners = [(0, 0), (2, 0), (0, 0)]
    flips = [(False, False), (False, False), (True, True)]
    expected = IMAGES.copy()
    expected[1, :4], expected[1, 4:] = IMAGES[1, 2:], BACKGROUND
    expected[2] = IMAGES[2, ::-1, ::-1]
    np.testing.assert_array_equal(cut(corners, flips), expected)


def test_one_channel():
    result = cut((-1, 0), images=IMAGES[..., :1], background=(5,))
    np.testing.assert_array_equal(result[:, 1:], IMAGES[:, :-1, :, :1])
    assert (result[:, 0] == 5).all()
