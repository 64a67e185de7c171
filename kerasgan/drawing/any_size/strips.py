"""A large picture in strips, which are small whatever its size."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kerasgan.distribution.cores import available_cores
from kerasgan.drawing.engine import Interval, TileDrawer
from kerasgan.drawing.size import Size

# Fewer pixels leave the processor waiting between operations; more take memory and gain nothing.
_TILE_PIXELS = 32_768
# TensorFlow spreads each operation over the cores too, so more workers would only take memory.
_MOST_WORKERS = 4


def strips(
    draw: TileDrawer,
    size: Size,
    *,
    tile_pixels: int = _TILE_PIXELS,
    rows: int | None = None,
    workers: int | None = None,
) -> Generator[np.ndarray]:
    """Draws a picture tile by tile.

    Tiles are as wide as the picture where `tile_pixels` allows it. Workers draw a few strips ahead
    of the one that is taken.

    Args:
        draw: The function that draws a tile; see `kerasgan.drawing.engine.Engine.tile_drawer`.
        size: Size of the picture.
        tile_pixels: The largest number of pixels of a tile.
        rows: The largest number of rows of a strip; `None` is as many as `tile_pixels` allows.
        workers: The number of threads that draw; `None` is one for each core, at most four.

    Yields:
        Strips of full width from the top downwards, `(rows, width, channels)` of the dtype that
        `draw` returns.
    """
    rows = rows or max(1, tile_pixels // size.width)
    columns = list(_intervals(size.width, max(1, tile_pixels // rows)))
    workers = workers or min(available_cores(), _MOST_WORKERS)

    def draw_strip(rows: Interval) -> np.ndarray:
        tiles = [draw(rows, part) for part in columns]
        return tiles[0] if len(tiles) == 1 else np.concatenate(tiles, axis=1)

    with ThreadPoolExecutor(workers, "strips") as pool:
        ahead = deque()
        try:
            for part in _intervals(size.height, rows):
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
