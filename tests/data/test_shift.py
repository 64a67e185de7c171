import numpy as np

from kerasgan.data.shift import largest_shifts

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
