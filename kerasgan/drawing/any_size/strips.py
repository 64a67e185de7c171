"""A picture drawn from top to bottom, in strips that are small whatever its size."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kerasgan.drawing.any_size.tile import Interval
from kerasgan.drawing.size import Size

# Fewer pixels leave the processor waiting between operations, more take memory and gain nothing.
_TILE_PIXELS = 32_768
# TensorFlow spreads each operation over the cores too; more workers only take memory.
_MOST_WORKERS = 4


def strips(
    draw: Callable[[Interval, Interval], np.ndarray],
    size: Size,
    *,
    tile_pixels: int = _TILE_PIXELS,
    workers: int | None = None,
) -> Iterator[np.ndarray]:
    """Draws a picture tile by tile.

    Tiles are as wide as the picture, or as `tile_pixels` where it is wider. Workers draw a few
    strips ahead of the one that is asked for.

    Args:
        draw: Draws a tile, as `kerasgan.drawing.any_size.tile.tile_drawer` returns it.
        size: Of the picture.
        tile_pixels: Most pixels of a tile.
        workers: Threads that draw; `None` is one for each core, at most four.

    Yields:
        Strips of full width from the top downwards, `(rows, width, channels)` of what `draw` gives.
    """
    rows = _intervals(size.height, max(1, tile_pixels // size.width))
    columns = list(_intervals(size.width, tile_pixels))
    workers = workers or min(os.cpu_count() or 1, _MOST_WORKERS)

    def draw_strip(rows: Interval) -> np.ndarray:
        tiles = [draw(rows, part) for part in columns]
        return tiles[0] if len(tiles) == 1 else np.concatenate(tiles, axis=1)

    with ThreadPoolExecutor(workers, "strips") as pool:
        ahead = deque()
        try:
            for part in rows:
                ahead.append(pool.submit(draw_strip, part))
                if len(ahead) > workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


def fill(picture: np.ndarray, strips: Iterable[np.ndarray]) -> None:
    """Puts the strips of a picture `(height, width, channels)` into it."""
    top = 0
    for strip in strips:
        picture[top : top + len(strip)] = strip
        top += len(strip)


def _intervals(count: int, longest: int) -> Iterator[Interval]:
    """Splits `count` into as few intervals as possible, of nearly equal lengths."""
    parts = -(-count // longest)
    for part in range(parts):
        yield part * count // parts, (part + 1) * count // parts
