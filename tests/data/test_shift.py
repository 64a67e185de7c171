import numpy as np
import pytest

from kerasgan.data.shift import largest_shifts, shifted

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


@pytest.mark.parametrize("offset", [(0, 0), (3, 0), (-3, 0), (0, 5), (0, -5), (2, -4)])
def test_pixels_move_exactly_and_the_rest_is_background(offset):
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    down, right = offset
    expected = np.empty_like(images)
    for y in range(8):
        for x in range(8):
            inside = 0 <= y - down < 8 and 0 <= x - right < 8
            expected[:, y, x] = images[:, y - down, x - right] if inside else (9, 8, 7)
    result = shifted(images, np.int32([offset, offset]), (9, 8, 7))
    np.testing.assert_array_equal(result, expected)


def test_each_image_has_its_own_offset():
    images = np.stack([subject(4, 4, 4, 4), subject(2, 6, 4, 4)])
    result = shifted(images, np.int32([[1, 0], [0, 3]]), WHITE)
    np.testing.assert_array_equal(result, [subject(4, 4, 5, 3), subject(5, 3, 4, 4)])
