import threading

import numpy as np
import pytest

from kerasgan.drawing.any_size.strips import strips
from kerasgan.drawing.size import Size


def numbered(size):
    """A picture in which every pixel has its own colour."""
    numbers = np.arange(size.height * size.width).reshape(size.height, size.width)
    return np.stack([numbers % 256, numbers // 256 % 256, numbers // 65536], -1).astype("uint8")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("width", "height", "tile_pixels"),
    [(1, 1, 10), (7, 5, 10), (5, 40, 10), (23, 4, 10), (20, 3, 10), (9, 9, 1000), (4, 4, 1)],
)
def test_strips_make_up_the_picture_in_order(width, height, tile_pixels, workers):
    size = Size(width, height)
    picture, sizes = numbered(size), []

    def draw(rows, columns):
        sizes.append((rows[1] - rows[0]) * (columns[1] - columns[0]))
        return picture[slice(*rows), slice(*columns)]

    drawn = list(strips(draw, size, tile_pixels=tile_pixels, workers=workers))
    np.testing.assert_array_equal(np.concatenate(drawn), picture)
    assert max(sizes) <= tile_pixels
    assert sum(sizes) == width * height


def test_no_more_is_drawn_than_a_few_strips_ahead():
    calls = []

    def draw(rows, columns):
        calls.append(rows)
        return np.zeros((rows[1] - rows[0], columns[1] - columns[0], 1), np.uint8)

    drawn = strips(draw, Size(10, 1000), tile_pixels=10, workers=2)
    for _ in range(5):
        next(drawn)
    assert len(calls) <= 5 + 2
    drawn.close()
    assert len(calls) <= 5 + 2


def test_workers_draw_at_the_same_time():
    together = threading.Barrier(2, timeout=20.0)

    def draw(rows, columns):
        together.wait()
        return np.zeros((1, 4, 1), np.uint8)

    assert len(list(strips(draw, Size(4, 6), tile_pixels=4, workers=2))) == 6


def test_errors_of_drawing_pass():
    def draw(rows, columns):
        raise MemoryError("no more")

    with pytest.raises(MemoryError, match="no more"):
        list(strips(draw, Size(4, 6), tile_pixels=4))
